// Shows what is wrong with a form at its fields: what the browser finds, and what the API says.
// Each field has a `<small id="NAME-error" class="field-error">`, as the macro `field` makes it.
import { plain } from "./words.js";

// Check a form on each change; then the browser shows none of its messages.
export function checkInline(form) {
  form.noValidate = true;
  form.addEventListener("change", () => fieldsOf(form).filter(isInUse).forEach(showValidity));
  form.addEventListener("input", ({ target }) => {
    if (target.ariaInvalid === "true") showValidity(target);
  });
}

// Return whether all fields are valid. If not, the first invalid one gets the focus.
export function isValid(form) {
  const invalid = fieldsOf(form).filter((field) => !showValidity(field));
  invalid[0]?.focus();
  return invalid.length === 0;
}

// Show the `errors` of a problem document; return those that belong to no field.
export function showErrors(form, errors) {
  const isOf = ({ field }) => fieldsOf(form).some(({ name }) => name === field);
  const shown = errors.filter(isOf);
  for (const { field, message } of shown) {
    showError(form.elements[field], plain(message));
  }
  if (shown.length) form.elements[shown[0].field].focus();
  return errors.filter((error) => !isOf(error));
}

function fieldsOf(form) {
  return [...form.elements].filter(({ id }) => id && document.querySelector(`#${id}-error`));
}

function isInUse(field) {
  return field.value !== field.defaultValue || field.ariaInvalid === "true";
}

function showValidity(field) {
  const least = field.dataset.atLeast && field.form.elements[field.dataset.atLeast];
  const isTooLow = least && quantity(field) < quantity(least);
  const name = least && document.querySelector(`label[for="${least.id}"]`).textContent.toLowerCase();
  field.setCustomValidity(isTooLow ? `Must be at least the number of ${name} (${quantity(least)}).` : "");
  showError(field, field.validity.patternMismatch ? field.title : field.validationMessage);
  return !field.validationMessage;
}

function quantity({ value, placeholder }) {
  return Number(value || placeholder);
}

function showError(field, message) {
  document.querySelector(`#${field.id}-error`).textContent = message;
  field.ariaInvalid = message ? "true" : null;
}
