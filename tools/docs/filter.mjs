// For doxygen (INPUT_FILTER): include/spindle.h as doxygen reads it. Prints the header with its comments in
// doxygen's form, with each call as the function that a program sees, and without what is not public.

import { readFileSync } from 'node:fs';
import { readComment, readHeader } from './header.mjs';

const { main, sections } = readHeader(readFileSync(process.argv[2], 'utf8'));
const items = sections.flatMap((section) => section.items);
const linked = new Set([
  ...items.map(({ name }) => name),
  ...items.flatMap(({ errors = [] }) => errors.map(({ name }) => name)),
]);

// --- text

function escape(text) {
  return text
    .replace(/[\\@<>&#%*]/g, '\\$&')
    .replace(/(^|\s)_/g, '$1\\_')
    .replace(/\b[sS][pP]_\w+/g, (word) => (linked.has(word) ? `\\ref ${word} "${word}"` : word));
}

// What stands between backticks is code as it is.
function inline(text) {
  const parts = text.split('`');
  return parts.map((part, i) => (i % 2 ? `\`${part}\`` : escape(part))).join('');
}

function block(lines) {
  const language = lines.some((line) => /[;{]$/.test(line)) ? '.c' : '.unparsed';
  return [`\\code{${language}}`, ...lines.map((line) => line.slice(2)), '\\endcode'];
}

// Paragraphs and lists, and indented blocks of code.
function prose(lines) {
  const out = [];
  let list = false;
  for (let i = 0; i < lines.length; i++) {
    list = /^- /.test(lines[i]) || (list && /^ {2}/.test(lines[i]));
    const start = i;
    while (!list && /^ {2}/.test(lines[i] ?? '')) i++;
    if (i > start) out.push(...block(lines.slice(start, i--)));
    else out.push(inline(lines[i]));
  }
  return out;
}

// --- contracts

// The errors, each with what is said of it, without what stands between brackets taken apart.
function errorList(text) {
  const errors = text.replace(/\.$/, '').split(/;\s+(?![^(]*\))/);
  return errors.map((error) => `- ${inline(error)}`);
}

const title = (name, ...lines) => [`\\par ${name}`, ...lines];

function part(text) {
  const [, word, rest] = text.match(/^(Returns|Suspends|From any thread)\b[,.]? ?([^]*)$/) ?? [];
  if (word === 'Returns') return [`\\return ${inline(rest)}`];
  if (word === 'Suspends') return title(word, inline(rest || 'the calling task.'));
  if (word) return title('Threads', inline(text));
  const [, name, said] = text.match(/^(Errors[^:]*|asyncio|aiohttp): ([^]*)$/) ?? [];
  if (!name) return [inline(text)];
  return name.startsWith('Errors') ? title(name, ...errorList(said)) : title(name, inline(said));
}

// What a function does, or else what it returns, comes first: doxygen's lists of functions have it.
function documented(comment, ...more) {
  const { description, parts } = readComment(comment);
  const first = description.length > 0 ? prose(description) : [inline(parts.shift())];
  const paragraphs = [first, ...parts.map(part), ...more].filter((lines) => lines.length > 0);
  return `/** ${paragraphs.map((lines) => lines.join('\n')).join('\n\n')} */`;
}

const above = ({ comment }, ...more) => (comment ? `${documented(comment, ...more)}\n` : '');

const signature = ({ returns, name, parameters }) =>
  `${returns}${returns.endsWith('*') ? '' : ' '}${name}(${parameters.join(', ')})`;

// --- declarations

const write = {
  function: (item) => {
    const from = item.from ? [`With a place of its own: \`${signature(item.from)}\``] : [];
    return `${above(item, from)}${signature(item)};`;
  },

  type: (item) => {
    const { head, type, name, members } = item;
    const end = type === 'enum' ? ',' : ';';
    const lines = members.map(({ text, comment: said }) => {
      return `  ${text}${end}${said ? ` /**< ${inline(said)} */` : ''}`;
    });
    return `${above(item)}${head} {\n${lines.join('\n')}\n} ${head.startsWith('typedef') ? name : ''};`;
  },

  errors: ({ errors }) => {
    const lines = errors.map(
      ({ name, value, text, python }) =>
        `  ${name} = ${value}, /**< "${text}". ${escape(python)} */`,
    );
    return [
      "/** The error codes, with what #sp_strerror returns and Python's name. */",
      'enum sp_error {',
      '  SP_OK = 0, /**< no error */',
      ...lines,
      "  SP_EUSER = -1000 /**< the first of a program's own codes, which are this and below */",
      '};',
    ].join('\n');
  },

  typedef: (item) => `${above(item)}${item.text}`,
  constant: (item) => `${above(item)}${item.text}`,
};

const sentence = (text) => `${text[0].toUpperCase()}${inline(text.slice(1).replace(/\.$/, ''))}.`;

function section({ title, comment, items: own }, number) {
  const [name, brief] = title.split(/: ([^]*)/);
  const said = comment ? prose(readComment(comment).description) : [];
  const text = [...(brief ? [sentence(brief), ''] : []), ...said].join('\n');
  const group = `/** \\defgroup section${number} ${name}\n${text}\n@{ */`;
  return [group, ...own.map((item) => write[item.kind](item)), '/** @} */'].join('\n\n');
}

const [, ...introduction] = readComment(main).description;
const page = ['\\mainpage asyncio for C', ...prose(introduction)].join('\n');
console.log([`/** \\file */\n\n/** ${page} */`, ...sections.map(section)].join('\n\n'));
