// All requests and responses, step by step.
export class Transcript {
  #steps = [];
  #names = new Set();

  // Take one step of a person: `act` calls the client once. Gives what the client gave.
  step = async (name, person, act) => {
    person.browser.exchange = null;
    const { data, error } = await act(person);
    const { call, status } = person.browser.exchange;
    if (error) {
      const { status: _, statusText: __, ...body } = error;
      this.#add({ step: name, call, status, error: body });
    } else {
      this.#add({ step: name, call, status, data });
    }
    return data;
  };

  // Note what is not the response to a single call.
  observe = (name, data) => {
    this.#add({ step: name, call: null, status: null, data });
  };

  has = (call) => this.#steps.some((step) => step.call === call);

  get last() {
    return this.#steps.at(-1);
  }

  #add(entry) {
    if (this.#names.has(entry.step)) throw new Error(`Two steps are called ${entry.step}`);
    this.#names.add(entry.step);
    this.#steps.push(entry);
  }

  toString() {
    return JSON.stringify(this.#steps, markUnreadDates, 1);
  }
}

// The client makes Dates of the dates that it recognizes; what it left as text, it did not.
function markUnreadDates(key, value) {
  if (!key.endsWith("At") || value === null || this[key] instanceof Date) return value;
  return { notRecognizedAsDate: value };
}
