// A grid with a place for each flag, filled by the files that a program saves. A place shows in which
// phase its download is; where downloads can be cancelled one by one, it is a button that does so.
// The images' URLs live until their places are laid out anew.

import { countryName } from './countries.mjs';
import { isRunning } from './downloads.mjs';
import { RovingFocus } from './roving.mjs';

const words = {
  awaited: 'not yet asked for',
  waiting: 'waiting for its turn',
  backoff: 'waiting before it asks again',
  not_found: 'not found',
};

export const wordFor = (state) => words[state] ?? state;

export class FlagGrid {
  #list;
  #places = new Map();
  #urls = [];
  #onCancel;
  #roving = null;

  // `onCancel(code)`, if there is one, is called when somebody presses a place.
  constructor(list, onCancel = null) {
    this.#list = list;
    this.#onCancel = onCancel;
    if (!onCancel) return;
    this.#roving = new RovingFocus(list);
    list.addEventListener('click', (event) => this.#press(event.target.closest('button')));
  }

  get arrived() {
    return this.#urls.length;
  }

  layOut(codes) {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls = [];
    this.#places = new Map(codes.map((code) => [code, this.#makePlace(code)]));
    this.#list.replaceChildren(...[...this.#places.values()].map(({ item }) => item));
    for (const code of codes) this.mark({ code, state: 'awaited' });
    this.#list.dataset.size = sizeFor(codes.length);
    this.#roving?.update();
  }

  // The file of a flag has come: 'br.gif' goes to the place of BR.
  show(code, bytes) {
    const place = this.#places.get(code);
    const url = URL.createObjectURL(new Blob([bytes], { type: 'image/gif' }));
    this.#urls.push(url);
    place.picture.replaceChildren(imageOf(url));
  }

  // { code, state, message }: the state is a phase of a download, or how it ended.
  mark({ code, state, message = '' }) {
    const { item, target } = this.#places.get(code);
    item.dataset.state = state;
    const sentence = `${code} ${countryName(code)}: ${message || wordFor(state)}`;
    target.title = sentence;
    if (this.#onCancel) {
      const canBeCancelled = isRunning({ state });
      target.setAttribute('aria-disabled', String(!canBeCancelled));
      target.setAttribute('aria-label', canBeCancelled ? `${sentence}. Cancel it` : sentence);
    } else {
      target.setAttribute('aria-label', sentence);
    }
  }

  stateOf(code) {
    return this.#places.get(code).item.dataset.state;
  }

  // What was not done when the program ended.
  markMissing(state) {
    for (const code of this.#places.keys()) {
      if (isRunning({ state: this.stateOf(code) })) this.mark({ code, state });
    }
  }

  #makePlace(code) {
    const item = document.createElement('li');
    item.dataset.code = code;
    const target = element(this.#onCancel ? 'button' : 'span', 'place');
    if (this.#onCancel) Object.assign(target, { type: 'button', tabIndex: -1 });
    else target.role = 'img';
    const picture = element('span', 'picture');
    target.append(picture, element('span', 'code', code));
    item.append(target);
    return { item, target, picture };
  }

  #press(button) {
    if (button?.getAttribute('aria-disabled') !== 'false') return;
    this.#onCancel(button.closest('li').dataset.code);
  }
}

// Few flags are large, many are small.
function sizeFor(count) {
  if (count <= 24) return 'large';
  return count <= 80 ? 'medium' : 'small';
}

function element(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function imageOf(url) {
  const made = new Image(320, 240);
  made.alt = '';
  made.src = url;
  return made;
}
