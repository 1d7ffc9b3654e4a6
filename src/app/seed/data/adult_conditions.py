"""Conditions of adults, each with a matching plan."""

from app.seed.data.condition import Condition

# The numbers of a condition are read together, so they share a line.
# fmt: off
# Estimated for physiotherapy from: Australian Institute of Health and Welfare, Chronic
# musculoskeletal conditions (back problems 16 % of people, osteoarthritis 8 %, osteoporosis 3 to
# 4 %); Australian and New Zealand Hip Fracture Registry, annual report (68 to 70 % women);
# Australian Orthopaedic Association National Joint Replacement Registry (knees over hips); and
# Stroke Foundation and Parkinson's Australia (about 1.5 % of people over 65 each).
ADULT_CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "ACL reconstruction rehabilitation",
        "Anterior cruciate ligament rupture, reconstructed with a hamstring graft",
        "Full knee extension and at least 90% of the other leg's quadriceps strength and "
        "single-leg hop distance before returning to pivoting sport.",
        region="knee", sessions=(20, 30), per_week=(1,), ages=(18, 45), weight=3, women=0.42,
        surgery="ACL reconstruction",
    ),
    Condition(
        "Ankle sprain rehabilitation",
        "Grade II lateral ankle ligament sprain",
        "Balance on the injured leg for 30 seconds and walk on uneven ground without pain.",
        region="ankle", sessions=(5, 10), per_week=(1, 2), ages=(18, 65), weight=7, women=0.5,
    ),
    Condition(
        "Ankle stability programme",
        "Chronic lateral ankle instability",
        "No giving way for three weeks and a Y-balance reach within 4 cm of the other side.",
        region="ankle", sessions=(8, 14), per_week=(1, 2), ages=(18, 50), weight=2.5, women=0.52,
    ),
    Condition(
        "Ankle fracture rehabilitation",
        "Lateral malleolus fracture, healed, with stiffness after immobilisation",
        "Regain 10 cm in the knee-to-wall test and walk for 30 minutes without a limp.",
        region="ankle", sessions=(8, 16), per_week=(1, 2), ages=(18, 85), weight=2.2, women=0.55,
        after_traffic=True,
    ),
    Condition(
        "Achilles tendon loading programme",
        "Mid-portion Achilles tendinopathy",
        "Complete 20 single-leg heel raises with pain of no more than 2 out of 10.",
        region="ankle", sessions=(8, 14), per_week=(1,), ages=(25, 65), weight=3.2, women=0.42,
    ),
    Condition(
        "Heel pain programme",
        "Plantar fasciopathy",
        "First steps after rest with pain below 2 out of 10 and 45 minutes of comfortable "
        "standing.",
        region="foot", sessions=(6, 10), per_week=(1,), ages=(28, 75), weight=3.5, women=0.56,
    ),
    Condition(
        "Shin pain return-to-running programme",
        "Medial tibial stress syndrome",
        "Run 5 km without shin pain during the run or on the following day.",
        region="leg", sessions=(6, 12), per_week=(1,), ages=(18, 40), weight=2, women=0.55,
    ),
    Condition(
        "Kneecap pain programme",
        "Patellofemoral pain syndrome",
        "Climb three flights of stairs and squat to 90 degrees with pain below 2 out of 10.",
        region="knee", sessions=(6, 12), per_week=(1, 2), ages=(18, 45), weight=5, women=0.6,
    ),
    Condition(
        "Jumper's knee loading programme",
        "Patellar tendinopathy",
        "Raise the VISA-P score above 80 and complete full training without pain on the next day.",
        region="knee", sessions=(10, 16), per_week=(1,), ages=(18, 40), weight=1.5, women=0.3,
    ),
    Condition(
        "Meniscus repair rehabilitation",
        "Medial meniscus tear, repaired arthroscopically",
        "Knee flexion of 130 degrees without swelling and at least 85% of the other leg's "
        "strength.",
        region="knee", sessions=(12, 20), per_week=(1,), ages=(18, 50), weight=1.4, women=0.42,
        surgery="Arthroscopic meniscus repair",
    ),
    Condition(
        "Hamstring strain return-to-sport programme",
        "Grade II hamstring strain, biceps femoris",
        "Sprint at full speed without pain and reach 90% of the other leg's eccentric strength.",
        region="thigh", sessions=(6, 12), per_week=(2,), ages=(18, 45), weight=2.5, women=0.35,
    ),
    Condition(
        "Knee osteoarthritis exercise programme",
        "Osteoarthritis of the knee",
        "Walk for 30 minutes with pain of no more than 3 out of 10 and complete 12 chair stands "
        "in 30 seconds.",
        region="knee", sessions=(10, 18), per_week=(1, 2), ages=(50, 95), weight=9, women=0.6,
    ),
    Condition(
        "Knee replacement rehabilitation",
        "Primary knee osteoarthritis, total knee replacement",
        "Knee flexion of 110 degrees, full extension, and 500 m of walking without an aid.",
        region="knee", sessions=(14, 24), per_week=(1, 2), ages=(55, 88), weight=4, women=0.58,
        surgery="Total knee replacement",
    ),
    Condition(
        "Hip osteoarthritis exercise programme",
        "Osteoarthritis of the hip",
        "Put on shoes and socks unaided and walk for 30 minutes with pain of no more than 3 "
        "out of 10.",
        region="hip", sessions=(8, 16), per_week=(1, 2), ages=(50, 95), weight=4, women=0.56,
    ),
    Condition(
        "Hip replacement rehabilitation",
        "Primary hip osteoarthritis, total hip replacement",
        "Walk 500 m without an aid and climb one flight of stairs step over step.",
        region="hip", sessions=(10, 20), per_week=(1, 2), ages=(55, 90), weight=2.8, women=0.56,
        surgery="Total hip replacement",
    ),
    Condition(
        "Hip fracture rehabilitation",
        "Femoral neck fracture, hemiarthroplasty",
        "Walk 100 m safely with one aid and rise from a chair without help.",
        region="hip", sessions=(14, 26), per_week=(2, 3), ages=(68, 95), weight=2.2, women=0.73,
        surgery="Hip hemiarthroplasty",
    ),
    Condition(
        "Hip impingement programme",
        "Femoroacetabular impingement syndrome",
        "Sit for an hour and squat to parallel without groin pain; iHOT-12 score above 75.",
        region="hip", sessions=(8, 16), per_week=(1,), ages=(18, 45), weight=1.5, women=0.5,
    ),
    Condition(
        "Lateral hip pain programme",
        "Gluteal tendinopathy",
        "Lie on the side at night without waking and stand on one leg for 30 seconds without "
        "pain.",
        region="hip", sessions=(8, 14), per_week=(1,), ages=(40, 80), weight=4, women=0.78,
    ),
    Condition(
        "Rotator cuff strengthening programme",
        "Rotator cuff related shoulder pain",
        "Lift 2 kg to a shelf at head height with pain below 2 out of 10.",
        region="shoulder", sessions=(8, 14), per_week=(1, 2), ages=(30, 80), weight=8, women=0.53,
    ),
    Condition(
        "Rotator cuff repair rehabilitation",
        "Full-thickness supraspinatus tear, repaired arthroscopically",
        "Active elevation to 150 degrees and strength at 80% of the other arm.",
        region="shoulder", sessions=(16, 28), per_week=(1,), ages=(40, 75), weight=1.6, women=0.45,
        surgery="Arthroscopic rotator cuff repair",
    ),
    Condition(
        "Frozen shoulder programme",
        "Adhesive capsulitis of the shoulder",
        "External rotation of 45 degrees and sleep undisturbed by shoulder pain on six of seven "
        "nights.",
        region="shoulder", sessions=(10, 20), per_week=(1,), ages=(40, 68), weight=2.5, women=0.6,
    ),
    Condition(
        "Shoulder instability programme",
        "First anterior shoulder dislocation, treated without surgery",
        "Full range without apprehension and rotation strength at 90% of the other arm.",
        region="shoulder", sessions=(12, 18), per_week=(1,), ages=(18, 40), weight=1.5, women=0.28,
    ),
    Condition(
        "Shoulder fracture rehabilitation",
        "Proximal humerus fracture, treated without surgery",
        "Reach a shelf at shoulder height and dress without help.",
        region="shoulder", sessions=(12, 20), per_week=(1, 2), ages=(50, 95), weight=2, women=0.72,
        after_traffic=True,
    ),
    Condition(
        "Tennis elbow programme",
        "Lateral elbow tendinopathy",
        "Pain-free grip strength at 90% of the other hand's.",
        region="elbow", sessions=(6, 12), per_week=(1,), ages=(28, 65), weight=3.2, women=0.5,
    ),
    Condition(
        "Wrist fracture rehabilitation",
        "Distal radius fracture, healed, with stiffness after immobilisation",
        "Wrist extension of 60 degrees and grip strength at 75% of the other hand's.",
        region="wrist", sessions=(6, 14), per_week=(1, 2), ages=(18, 95), weight=2.6, women=0.66,
        after_traffic=True,
    ),
    Condition(
        "Carpal tunnel programme",
        "Mild carpal tunnel syndrome",
        "No more than one night a week disturbed by tingling and 30 minutes of hand work without "
        "symptoms.",
        region="wrist", sessions=(5, 10), per_week=(1,), ages=(32, 80), weight=1.6, women=0.66,
    ),
    Condition(
        "Low back pain programme",
        "Non-specific low back pain",
        "Lower the Oswestry score by at least 10 points and walk for 30 minutes without a "
        "flare-up.",
        region="back", sessions=(6, 12), per_week=(1, 2), ages=(18, 95), weight=16, women=0.54,
    ),
    Condition(
        "Sciatica programme",
        "Lumbar disc herniation with L5 radiculopathy",
        "Leg pain below 2 out of 10 and an hour of sitting without symptoms.",
        region="back", sessions=(8, 16), per_week=(1, 2), ages=(25, 65), weight=4, women=0.46,
    ),
    Condition(
        "Spinal stenosis walking programme",
        "Lumbar spinal stenosis with neurogenic claudication",
        "Double the walking distance before leg symptoms begin.",
        region="back", sessions=(10, 18), per_week=(1, 2), ages=(60, 95), weight=3, women=0.52,
    ),
    Condition(
        "Spinal fracture and bone health programme",
        "Osteoporotic vertebral compression fracture",
        "Stand upright for 20 minutes with pain below 3 out of 10 and lift 2 kg with safe "
        "technique.",
        region="back", sessions=(8, 16), per_week=(1, 2), ages=(65, 95), weight=1.8, women=0.71,
        illness="Osteoporosis",
    ),
    Condition(
        "Neck pain programme",
        "Mechanical neck pain",
        "Rotate the neck 60 degrees to both sides and read for 45 minutes without pain.",
        region="neck", sessions=(5, 10), per_week=(1, 2), ages=(18, 95), weight=9, women=0.6,
    ),
    Condition(
        "Whiplash rehabilitation",
        "Whiplash-associated disorder, grade II",
        "Lower the Neck Disability Index below 15% and resume all usual activities.",
        region="neck", sessions=(8, 16), per_week=(1, 2), ages=(18, 75), weight=2.5, women=0.6,
        after_traffic=True,
    ),
    Condition(
        "Headache management programme",
        "Cervicogenic headache",
        "Halve the number of headache days a month.",
        region="head", sessions=(6, 10), per_week=(1,), ages=(18, 70), weight=3.5, women=0.66,
    ),
    Condition(
        "Jaw pain programme",
        "Temporomandibular joint dysfunction",
        "Open the mouth 40 mm without pain and eat a normal diet.",
        region="jaw", sessions=(4, 8), per_week=(1,), ages=(18, 65), weight=1.5, women=0.7,
    ),
    Condition(
        "Vertigo treatment",
        "Benign paroxysmal positional vertigo, posterior canal",
        "A negative Dix-Hallpike test on both sides and no dizziness when turning in bed.",
        region="balance", sessions=(4, 6), per_week=(1,), ages=(40, 95), weight=2.5, women=0.64,
    ),
    Condition(
        "Falls prevention programme",
        "Impaired balance with a history of falls",
        "Complete the Timed Up and Go test in under 14 seconds and have no further "
        "fall during the programme.",
        region="balance", sessions=(12, 24), per_week=(1, 2), ages=(65, 95), weight=6, women=0.62,
    ),
    Condition(
        "Stroke rehabilitation",
        "Hemiparesis after ischaemic stroke",
        "Walk 10 m in under 15 seconds and use the affected arm in dressing and eating.",
        region="nerves", sessions=(20, 30), per_week=(2, 3), ages=(50, 95), weight=1.1, women=0.46,
        illness="Ischaemic stroke",
    ),
    Condition(
        "Parkinson's movement programme",
        "Parkinson's disease, Hoehn and Yahr stage II",
        "Lengthen the stride by 10% and improve the Mini-BESTest score by 4 points.",
        region="nerves", sessions=(12, 24), per_week=(1, 2), ages=(55, 88), weight=0.36, women=0.42,
        illness="Parkinson's disease",
    ),
    Condition(
        "Pelvic floor rehabilitation after childbirth",
        "Postpartum pelvic floor weakness with stress incontinence",
        "Hold a pelvic floor contraction for 10 seconds ten times and run 3 km without leakage.",
        region="pelvis", sessions=(6, 12), per_week=(1,), ages=(20, 45), gender="female", weight=5,
    ),
    Condition(
        "Continence programme after prostatectomy",
        "Stress incontinence after radical prostatectomy",
        "Reduce pad use to at most one a day and stay dry when standing up or coughing.",
        region="pelvis", sessions=(6, 12), per_week=(1,), ages=(50, 88), gender="male", weight=3,
        surgery="Radical prostatectomy",
    ),
)
