// The form that books an appointment or changes it: its choices depend on each other.
import { readPart } from "./page.js";

const TIMES_DEPEND_ON = ["therapistId", "date", "appointmentTypeId", "roomId", "patientId"];
const SEARCH_MS = 200;

let asked = 0;

// Read the choices of a form that has come from the server.
export function prepareForm(place) {
  const form = place.querySelector("form[data-choices]");
  if (!form || form.dataset.isPrepared) return;
  form.dataset.isPrepared = "yes";
  followStart(form);
  form.addEventListener("change", ({ target }) => changed(form, target));
  form.addEventListener("click", ({ target }) => takeFree(form, target.closest("[data-take-start]")));
  const search = form.querySelector("[type=search]");
  if (search) {
    search.addEventListener("input", () => searchSoon(form));
    readPatients(form);
  } else {
    readPlans(form);
  }
  readTimes(form);
}

function changed(form, { name, id, value }) {
  if (name === "patientId") readPlans(form);
  if (TIMES_DEPEND_ON.includes(name)) readTimes(form);
  if (id === "free-times" && value) setStart(form, value);
  if (name === "startTime") setStart(form, value);
}

// An appointment that starts later ends later as well, unless its type says when it ends.
function followStart(form) {
  form.dataset.start = form.elements.startTime.value;
}

function setStart(form, start) {
  const { startTime, endTime } = form.elements;
  if (endTime.value && form.dataset.start && start) {
    endTime.value = clock(minutes(start) + minutes(endTime.value) - minutes(form.dataset.start));
  }
  startTime.value = start;
  followStart(form);
}

function takeFree(form, button) {
  if (!button) return;
  const { takeDate, takeStart, takeEnd } = button.dataset;
  form.elements.date.value = takeDate;
  form.elements.startTime.value = takeStart;
  form.elements.endTime.value = takeEnd;
  followStart(form);
  readTimes(form);
  form.querySelector("[type=submit]").focus();
}

function searchSoon(form) {
  const mine = ++asked;
  setTimeout(() => mine === asked && readPatients(form), SEARCH_MS);
}

async function readPatients(form) {
  const { patientId, search, therapistId } = form.elements;
  const wanted = { search: search.value, practitioner: therapistId.value, selected: patientId.value };
  await fill(patientId, "patients", wanted);
  readPlans(form);
  if (patientId.value) readTimes(form);
}

async function readPlans(form) {
  const { patientId, treatmentPlanId, date } = form.elements;
  const wanted = { patient: patientId.value, date: date.value, selected: treatmentPlanId.value };
  if (patientId.value) await fill(treatmentPlanId, "plans", wanted);
}

async function readTimes(form) {
  const { therapistId, date, appointmentTypeId, roomId, patientId } = form.elements;
  const times = form.querySelector("#free-times");
  const wanted = {
    practitioner: therapistId.value,
    date: date.value,
    type: appointmentTypeId.value,
    room: roomId.value,
    patient: patientId.value,
  };
  if (date.value && appointmentTypeId.value) await fill(times, "times", wanted);
}

// Only the last request for a field counts.
async function fill(field, kind, wanted) {
  const mine = (field.dataset.asked = String(Number(field.dataset.asked ?? 0) + 1));
  const given = Object.entries(wanted).filter(([, value]) => value);
  const part = await readPart(`/appointments/choices/${kind}?${new URLSearchParams(given)}`);
  if (mine === field.dataset.asked) field.replaceChildren(...part.querySelectorAll("option"));
}

function minutes(time) {
  const [hour, minute] = time.split(":").map(Number);
  return hour * 60 + minute;
}

function clock(time) {
  const within = Math.min(Math.max(time, 0), 24 * 60 - 1);
  return [Math.floor(within / 60), within % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
