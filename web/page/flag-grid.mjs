// A grid with a place for each flag, filled by the files that a program saves. The images' URLs
// live until their places are laid out anew.

import { countryName } from './countries.mjs';

export class FlagGrid {
  #list;
  #places = new Map();
  #urls = [];

  constructor(list) {
    this.#list = list;
  }

  get arrived() {
    return this.#urls.length;
  }

  layOut(codes) {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls = [];
    this.#places = new Map(codes.map((code) => [code, emptyPlace(code)]));
    this.#list.replaceChildren(...this.#places.values());
  }

  // 'br.gif' goes to the place of BR.
  show(path, bytes) {
    const code = path.split('/').at(-1).split('.')[0].toUpperCase();
    const place = this.#places.get(code);
    if (!place) throw new Error(`no place for the file ${path}`);
    const url = URL.createObjectURL(new Blob([bytes], { type: 'image/gif' }));
    this.#urls.push(url);
    place.dataset.state = 'arrived';
    place.querySelector('.picture').replaceChildren(image(url, code));
  }

  markMissing() {
    for (const place of this.#places.values()) {
      if (place.dataset.state === 'awaited') place.dataset.state = 'missing';
    }
  }
}

function emptyPlace(code) {
  const place = document.createElement('li');
  place.dataset.state = 'awaited';
  place.dataset.code = code;
  place.append(element('span', 'picture'), element('span', 'code', code));
  return place;
}

function element(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function image(url, code) {
  const made = new Image(320, 240);
  made.alt = countryName(code);
  made.title = made.alt;
  made.src = url;
  return made;
}
