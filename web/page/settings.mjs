// What a person has chosen in the form: which flags, from where, how many at once.

import { countryCount } from './countries.mjs';

const servers = {
  LOCAL: 'answers at once',
  DELAY: 'answers after a while',
  ERROR: 'answers after a while, some of it with an error',
};

// { program, server, count, atOnce, delay: [shortest, longest], errorShare, hasSequential }, or null
// where something in the form is not possible: the browser has said so to the person then.
export function readSettings(form) {
  if (!form.reportValidity()) return null;
  const values = new FormData(form);
  // What cannot be set has not been checked either.
  const number = (name) => {
    const { disabled, defaultValue, valueAsNumber } = form.elements[name];
    return disabled ? Number(defaultValue) : valueAsNumber;
  };
  return {
    program: values.has('countries') ? 'flags3' : 'flags2',
    server: values.get('server'),
    count: number('count'),
    atOnce: number('at-once'),
    delay: [number('shortest'), number('longest')],
    errorShare: number('errors') / 100,
    hasSequential: values.has('sequential'),
  };
}

// Keeps the form sensible while it is filled in: what the server does not have cannot be set, and the
// longest delay is not below the shortest.
export function startSettings(form) {
  const { count, shortest, longest, errors } = form.elements;
  count.max = countryCount;
  const update = () => {
    const server = new FormData(form).get('server');
    for (const field of [shortest, longest]) field.disabled = server === 'LOCAL';
    errors.disabled = server !== 'ERROR';
    form.querySelector('.server-says').textContent = `${server} ${servers[server]}.`;
    const isBackwards = longest.valueAsNumber < shortest.valueAsNumber;
    longest.setCustomValidity(isBackwards ? 'Not shorter than the shortest delay, please.' : '');
  };
  form.addEventListener('input', update);
  update();
}
