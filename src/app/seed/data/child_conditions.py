"""Conditions of children and teenagers, each with a matching plan."""

from app.seed.data.condition import Condition

# The numbers of a condition are read together, so they share a line.
# fmt: off
# Estimated from: Australian Institute of Health and Welfare, Sports injury in Australia and
# Hospitalised injury in children (fractures of forearm and elbow); Royal Children's Hospital
# Melbourne, Clinical Practice Guidelines (ages); Australian Cerebral Palsy Register.
# Their titles are not those of adults, because a title has one diagnosis.
CHILD_CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "Ankle sprain programme for young athletes",
        "Lateral ankle ligament sprain in adolescence",
        "Hop ten times on the injured leg without pain and return to school sport.",
        region="ankle", sessions=(4, 8), per_week=(1,), ages=(9, 18), weight=9, women=0.5,
    ),
    Condition(
        "Toe walking programme",
        "Idiopathic toe walking",
        "Ankle dorsiflexion of 10 degrees and heel strike in nine of ten steps.",
        region="ankle", sessions=(6, 12), per_week=(1,), ages=(4, 10), weight=4, women=0.4,
    ),
    Condition(
        "Heel growth plate pain programme",
        "Calcaneal apophysitis (Sever's disease)",
        "Play a full game with heel pain of no more than 2 out of 10.",
        region="foot", sessions=(4, 8), per_week=(1,), ages=(8, 14), weight=7, women=0.4,
    ),
    Condition(
        "Flexible flat feet programme",
        "Symptomatic flexible flat feet",
        "Walk for 30 minutes without pain and raise both heels 15 times.",
        region="foot", sessions=(4, 8), per_week=(1,), ages=(4, 11), weight=4, women=0.48,
    ),
    Condition(
        "Growing knee pain programme",
        "Osgood-Schlatter disease",
        "Kneel and squat with pain below 2 out of 10 and train three times a week.",
        region="knee", sessions=(4, 10), per_week=(1,), ages=(10, 16), weight=7, women=0.4,
    ),
    Condition(
        "Kneecap dislocation rehabilitation for teenagers",
        "First lateral patellar dislocation, treated without surgery",
        "Full knee flexion and no apprehension in a single-leg squat.",
        region="knee", sessions=(8, 14), per_week=(1,), ages=(12, 18), weight=3, women=0.56,
    ),
    Condition(
        "Joint programme for juvenile arthritis",
        "Oligoarticular juvenile idiopathic arthritis of the knee",
        "Full knee extension in the morning and a school day without a limp.",
        region="knee", sessions=(8, 14), per_week=(1,), ages=(4, 17), weight=0.8, women=0.68,
        illness="Juvenile idiopathic arthritis",
    ),
    Condition(
        "Hip programme for Perthes disease",
        "Legg-Calvé-Perthes disease, healing stage",
        "Hip abduction of 35 degrees and a walk to school without a limp.",
        region="hip", sessions=(8, 16), per_week=(1,), ages=(5, 11), weight=1, women=0.2,
    ),
    Condition(
        "In-toeing gait programme",
        "Femoral anteversion with in-toeing gait",
        "Run 50 m without tripping and stand on one leg for 10 seconds.",
        region="hip", sessions=(4, 8), per_week=(1,), ages=(4, 10), weight=3, women=0.6,
    ),
    Condition(
        "Pelvic growth plate injury programme",
        "Apophyseal avulsion of the anterior superior iliac spine",
        "Sprint and kick at full effort without pain.",
        region="hip", sessions=(6, 12), per_week=(1,), ages=(12, 18), weight=2.5, women=0.3,
    ),
    Condition(
        "Hamstring flexibility and strength programme for teenagers",
        "Hamstring strain in a growth spurt",
        "Straight leg raise of 75 degrees and pain-free sprinting.",
        region="thigh", sessions=(4, 8), per_week=(1,), ages=(12, 18), weight=3, women=0.4,
    ),
    Condition(
        "Adolescent scoliosis exercise programme",
        "Adolescent idiopathic scoliosis",
        "Perform the corrective exercises without help and sit through lessons without pain.",
        region="back", sessions=(8, 16), per_week=(1,), ages=(10, 18), weight=3, women=0.8,
    ),
    Condition(
        "Back pain programme for teenagers",
        "Low back pain in adolescence, non-specific",
        "Sit through a double lesson and train twice a week without a flare-up.",
        region="back", sessions=(4, 8), per_week=(1,), ages=(10, 18), weight=8, women=0.56,
    ),
    Condition(
        "Stress fracture return-to-bowling programme",
        "Lumbar spondylolysis (pars stress fracture)",
        "Pain-free extension and a graded return to bowling over eight weeks.",
        region="back", sessions=(8, 14), per_week=(1,), ages=(13, 18), weight=1.5, women=0.25,
    ),
    Condition(
        "Forearm fracture rehabilitation for children",
        "Distal forearm fracture, healed, with stiffness after a cast",
        "Equal wrist movement on both sides and hang from the monkey bars for 10 seconds.",
        region="wrist", sessions=(3, 6), per_week=(1,), ages=(5, 16), weight=6, women=0.4,
    ),
    Condition(
        "Elbow fracture rehabilitation for children",
        "Supracondylar humerus fracture, healed, with stiffness",
        "Elbow movement from 10 to 130 degrees and support the body weight on both hands.",
        region="elbow", sessions=(4, 8), per_week=(1,), ages=(4, 12), weight=3, women=0.48,
    ),
    Condition(
        "Thrower's elbow programme for young athletes",
        "Medial epicondyle apophysitis",
        "Throw 30 times at three quarters of full effort without pain.",
        region="elbow", sessions=(4, 10), per_week=(1,), ages=(10, 17), weight=2, women=0.3,
    ),
    Condition(
        "Swimmer's shoulder programme for young athletes",
        "Shoulder pain with scapular dyskinesis in adolescence",
        "Swim 2 km with pain of no more than 1 out of 10.",
        region="shoulder", sessions=(4, 10), per_week=(1,), ages=(10, 18), weight=4, women=0.58,
    ),
    Condition(
        "Neck and posture programme for teenagers",
        "Neck pain in adolescence with forward head posture",
        "Study for 45 minutes without neck pain.",
        region="neck", sessions=(3, 6), per_week=(1,), ages=(10, 18), weight=4, women=0.62,
    ),
    Condition(
        "Concussion recovery programme",
        "Sport-related concussion with persistent symptoms",
        "Full school days without symptoms and clearance for contact training.",
        region="head", sessions=(3, 6), per_week=(1,), ages=(9, 18), weight=3.5, women=0.45,
    ),
    Condition(
        "Coordination programme",
        "Developmental coordination disorder",
        "Catch a tennis ball in eight of ten throws and ride a bicycle without help.",
        region="coordination", sessions=(8, 16), per_week=(1,), ages=(5, 13), weight=5, women=0.3,
    ),
    Condition(
        "Strength programme for hypermobile children",
        "Generalised joint hypermobility with pain",
        "Write for 20 minutes and walk for 40 minutes without pain.",
        region="joints", sessions=(6, 12), per_week=(1,), ages=(5, 17), weight=3.5, women=0.68,
    ),
    Condition(
        "Gait and strength programme for cerebral palsy",
        "Cerebral palsy, spastic diplegia, GMFCS level II",
        "Walk 300 m to the classroom without a rest and climb stairs with one rail.",
        region="nerves", sessions=(12, 24), per_week=(1, 2), ages=(4, 18), weight=0.6, women=0.44,
        illness="Cerebral palsy",
    ),
    Condition(
        "Airway clearance programme",
        "Cystic fibrosis",
        "Clear the airways without help every day and run for 10 minutes.",
        region="chest", sessions=(6, 12), per_week=(1,), ages=(4, 18), weight=0.3, women=0.48,
        illness="Cystic fibrosis",
    ),
    Condition(
        "Breathing programme for young athletes",
        "Dysfunctional breathing during exercise",
        "Finish the beep test at the level of the class average without distress.",
        region="chest", sessions=(3, 6), per_week=(1,), ages=(9, 18), weight=2, women=0.6,
    ),
    Condition(
        "Bladder training programme for children",
        "Daytime urinary incontinence with an overactive bladder",
        "Dry at school on nine of ten days.",
        region="pelvis", sessions=(4, 8), per_week=(1,), ages=(5, 12), weight=2.5, women=0.6,
    ),
)
