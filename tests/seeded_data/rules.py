"""All rules of a seeded data set, in the order of the specification.

Each rule is a generator of complaints, and looks at nothing but the rows.
"""

from collections.abc import Iterator
from datetime import date

from seeded_data.absences import (
    a_third_have_an_exception_soon,
    holidays_are_taken_first,
    one_of_a_clinic_is_away_for_a_week,
)
from seeded_data.appointments import (
    appointments_are_in_the_window,
    instants_come_before_the_appointment,
    pain_is_rated,
    patients_can_be_booked,
    plans_begin_with_an_assessment,
    records_fit_the_status,
    sessions_keep_their_time,
    statuses_are_as_frequent_as_they_should_be,
    statuses_fit_the_date,
    types_fit_the_appointment,
)
from seeded_data.availability import (
    available_exceptions_add_time,
    exceptions_are_in_the_next_90_days,
    exceptions_are_whole_day_and_part_day,
    exceptions_keep_the_gap,
    slots_are_of_a_member,
    slots_start_before_they_end,
    templates_are_at_different_locations,
    templates_are_at_different_times,
    templates_are_in_opening_hours,
    templates_are_on_different_days,
    templates_keep_the_gap,
    templates_take_one_to_four_sessions,
    unavailable_exceptions_take_time,
    users_have_both_kinds_of_exception,
    users_have_exceptions,
    users_have_templates,
    whole_day_exceptions_stand_alone,
)
from seeded_data.bookings import (
    appointments_follow_their_plan,
    appointments_lie_in_hours,
    appointments_stay_in_their_clinic,
    patients_are_at_one_place,
    practitioners_have_time_between,
    rooms_are_at_the_clinic,
    rooms_are_not_overfull,
    templates_are_not_overbooked,
    two_thirds_are_booked_at_most,
)
from seeded_data.files import (
    addresses_have_their_state,
    first_contacts_of_children_are_their_parents,
    genders_are_known,
    insurers_fit,
    medications_fit,
    namesakes_are_few_and_differ,
    patients_are_active,
    patients_are_of_all_ages,
)
from seeded_data.identities import (
    emails_are_distinct,
    emails_are_reserved,
    license_numbers_are_distinct,
    memberships_are_spread_evenly,
    organizations_are_distinct,
    organizations_have_one_owner,
    user_name_is_first_and_last,
    users_are_distinct,
    users_can_sign_in,
    users_fill_organizations,
    users_have_one_membership,
)
from seeded_data.patients import (
    contacts_are_other_people,
    patients_are_in_proportion,
    patients_live_in_australia,
    phones_are_distinct,
    phones_are_fictitious,
    postal_codes_fit_their_city,
)
from seeded_data.rooms import (
    clinics_have_a_gym,
    clinics_have_five_types,
    clinics_have_treatment_rooms,
    one_room_is_accessible,
    rooms_have_distinct_names,
    treatment_rooms_have_a_table,
)
from seeded_data.rows import Rows
from seeded_data.seeded_set import Rule, SeededSet, Volumes
from seeded_data.shape import (
    enumerations_hold,
    foreign_keys_resolve,
    ids_are_unique,
    lists_hold_their_items,
    set_is_fresh,
    texts_are_not_blank,
    values_have_their_type,
    volumes_are_met,
)
from seeded_data.treatment_plans import (
    children_have_plans_for_children,
    patients_are_born_first,
    patients_have_one_ongoing_plan,
    patients_have_their_plans,
    patients_who_pay_need_no_cover,
    plan_dates_fit_the_status,
    plan_length_fits_its_sessions,
    plan_texts_belong_together,
    plans_are_in_the_organization_of_the_patient,
    plans_begin_on_workdays,
    plans_have_sessions,
    plans_of_a_patient_differ_in_status,
    plans_of_a_patient_differ_in_title,
    plans_start_before_they_end,
    prescriptions_precede_their_plan,
    therapists_are_in_the_organization,
    therapists_share_the_load,
)

# While one of these is broken, the others are not asked: they rely on what these say.
SHAPE_RULES: tuple[Rule, ...] = (values_have_their_type, lists_hold_their_items)
RULES: tuple[Rule, ...] = (
    *SHAPE_RULES,
    ids_are_unique,
    foreign_keys_resolve,
    enumerations_hold,
    texts_are_not_blank,
    volumes_are_met,
    set_is_fresh,
    organizations_are_distinct,
    organizations_have_one_owner,
    emails_are_reserved,
    emails_are_distinct,
    user_name_is_first_and_last,
    users_are_distinct,
    license_numbers_are_distinct,
    users_can_sign_in,
    users_fill_organizations,
    users_have_one_membership,
    memberships_are_spread_evenly,
    slots_are_of_a_member,
    slots_start_before_they_end,
    users_have_templates,
    templates_are_on_different_days,
    templates_are_at_different_times,
    templates_are_at_different_locations,
    templates_are_in_opening_hours,
    templates_take_one_to_four_sessions,
    templates_keep_the_gap,
    users_have_exceptions,
    users_have_both_kinds_of_exception,
    exceptions_are_whole_day_and_part_day,
    exceptions_are_in_the_next_90_days,
    exceptions_keep_the_gap,
    whole_day_exceptions_stand_alone,
    available_exceptions_add_time,
    unavailable_exceptions_take_time,
    holidays_are_taken_first,
    a_third_have_an_exception_soon,
    one_of_a_clinic_is_away_for_a_week,
    patients_are_in_proportion,
    patients_are_of_all_ages,
    namesakes_are_few_and_differ,
    genders_are_known,
    first_contacts_of_children_are_their_parents,
    addresses_have_their_state,
    patients_are_active,
    medications_fit,
    insurers_fit,
    patients_live_in_australia,
    postal_codes_fit_their_city,
    phones_are_fictitious,
    phones_are_distinct,
    contacts_are_other_people,
    patients_have_their_plans,
    plans_of_a_patient_differ_in_status,
    patients_have_one_ongoing_plan,
    plans_of_a_patient_differ_in_title,
    plans_are_in_the_organization_of_the_patient,
    therapists_are_in_the_organization,
    therapists_share_the_load,
    plans_start_before_they_end,
    plan_dates_fit_the_status,
    plans_begin_on_workdays,
    children_have_plans_for_children,
    patients_who_pay_need_no_cover,
    prescriptions_precede_their_plan,
    patients_are_born_first,
    plans_have_sessions,
    plan_length_fits_its_sessions,
    plan_texts_belong_together,
    clinics_have_treatment_rooms,
    clinics_have_a_gym,
    rooms_have_distinct_names,
    one_room_is_accessible,
    treatment_rooms_have_a_table,
    clinics_have_five_types,
    appointments_stay_in_their_clinic,
    appointments_follow_their_plan,
    appointments_lie_in_hours,
    templates_are_not_overbooked,
    two_thirds_are_booked_at_most,
    practitioners_have_time_between,
    patients_are_at_one_place,
    rooms_are_not_overfull,
    rooms_are_at_the_clinic,
    appointments_are_in_the_window,
    types_fit_the_appointment,
    plans_begin_with_an_assessment,
    statuses_fit_the_date,
    statuses_are_as_frequent_as_they_should_be,
    records_fit_the_status,
    instants_come_before_the_appointment,
    sessions_keep_their_time,
    pain_is_rated,
    patients_can_be_booked,
)


def violations(rows: Rows, volumes: Volumes, as_of: date) -> list[str]:
    """Return one line per broken rule and row, `rule: table id: what is wrong`; [] if all hold.

    Values of a wrong type are reported alone.
    """
    data = SeededSet(rows, volumes, as_of)
    for shape_rule in SHAPE_RULES:
        if misshapen := list(_complaints(shape_rule, data)):
            return misshapen
    return [line for rule in RULES for line in _complaints(rule, data)]


def _complaints(rule: Rule, data: SeededSet) -> Iterator[str]:
    return (f"{rule.__name__}: {complaint}" for complaint in rule(data))
