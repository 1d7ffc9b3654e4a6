"""The two halves of the names of clinics; any place can precede any style."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClinicPlace:
    """The first half of a clinic's name, and the region in which its patients live."""

    name: str
    region: str


CLINIC_PLACES: tuple[ClinicPlace, ...] = (
    ClinicPlace("Yarra", "inner east"),
    ClinicPlace("Merri Creek", "inner north"),
    ClinicPlace("Bayside", "bayside"),
    ClinicPlace("Plenty Valley", "north-east"),
    ClinicPlace("Darebin Creek", "north"),
    ClinicPlace("Westgate", "west"),
    ClinicPlace("Port Phillip", "inner south"),
    ClinicPlace("Maribyrnong", "west"),
    ClinicPlace("Moonee Valley", "north-west"),
    ClinicPlace("Birrarung", "north-east"),
    ClinicPlace("Studley Park", "inner east"),
    ClinicPlace("Edgewater", "west"),
    ClinicPlace("Northside", "north"),
    ClinicPlace("Wattle Park", "east"),
    ClinicPlace("Red Gum", "north"),
    ClinicPlace("Ironbark", "east"),
    ClinicPlace("Silver Wattle", "south-east"),
    ClinicPlace("Magpie Lane", "inner north"),
    ClinicPlace("Lighthouse", "west"),
    ClinicPlace("Tramline", "inner north"),
    ClinicPlace("Half Moon Bay", "bayside"),
    ClinicPlace("Sandridge", "inner south"),
    ClinicPlace("Station Pier", "inner south"),
    ClinicPlace("Royal Park", "inner north"),
    ClinicPlace("Banyule", "north-east"),
    ClinicPlace("Gardiners Creek", "inner east"),
    ClinicPlace("Kororoit", "west"),
    ClinicPlace("Lyrebird", "ranges"),
    ClinicPlace("Kookaburra", "south-east"),
    ClinicPlace("Figtree", "inner south"),
    ClinicPlace("Bluestone", "north-west"),
    ClinicPlace("Rosella", "south-east"),
    ClinicPlace("Hobsons Bay", "west"),
    ClinicPlace("Boulevard", "north-east"),
    ClinicPlace("Sandbelt", "bayside"),
    ClinicPlace("Eastern Hill", "inner north"),
    ClinicPlace("Peninsula", "peninsula"),
    ClinicPlace("Westside", "west"),
    ClinicPlace("Dandenong Ranges", "ranges"),
    ClinicPlace("Banksia", "north-east"),
)

CLINIC_STYLES: tuple[str, ...] = (
    "Physiotherapy",
    "Physio Rooms",
    "Sports & Spine Clinic",
    "Movement Centre",
    "Physiotherapy Centre",
    "Physiotherapy Clinic",
    "Physiotherapy Group",
    "Physiotherapy Practice",
    "Physiotherapy Associates",
    "Physiotherapy & Pilates",
    "Physiotherapy & Rehabilitation",
    "Physiotherapy & Sports Injuries",
    "Physio Studio",
    "Physio Collective",
    "Physio House",
    "Physio Care",
    "Physio & Wellness",
    "Family Physio",
    "Community Physio",
    "Sports Physio",
    "Sports Medicine & Physio",
    "Spinal & Sports Care",
    "Back & Neck Clinic",
    "Joint & Movement Clinic",
    "Movement Studio",
    "Rehabilitation Clinic",
    "Rehab & Performance",
    "Recovery Rooms",
    "Injury Clinic",
    "Active Health",
)
