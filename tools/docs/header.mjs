// include/spindle.h, taken apart: its sections, comments and declarations, and the contracts in the comments.

// --- contracts: a description, then parts, each beginning with a keyword or a sentence of its own

const keyword = /^(Returns|Errors|Suspends|From any thread|asyncio:|aiohttp:)/;
const order = ['Returns', 'Errors', 'Suspends', 'From any thread', 'asyncio:'];

// An unindented line begins a part, and indented lines continue it.
export function readComment(comment) {
  const lines = comment
    .slice(2, -2)
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^ \* ?|^ (?=\S)| \*$/, ''));
  const description = [];
  const parts = [];
  for (const line of lines) {
    if (parts.length === 0 && !keyword.test(line)) description.push(line);
    else if (line.startsWith('  ')) parts[parts.length - 1] += ` ${line.trim()}`;
    else parts.push(line);
  }
  return { description, parts };
}

// The keywords of a contract, as they follow each other; aiohttp's names stand where asyncio's do.
export function keywordsOf(comment) {
  const words = readComment(comment).parts.map((part) => part.match(keyword)?.[1]);
  return words.filter(Boolean).map((word) => (word === 'aiohttp:' ? 'asyncio:' : word));
}

export function isInOrder(keywords) {
  const places = keywords.map((word) => order.indexOf(word));
  return places.every((place, i) => i === 0 || places[i - 1] < place);
}

// --- declarations

const oneLine = (code) => code.replace(/\s*\\\n\s*|\s+/g, ' ').trim();

// The parameters of a declaration or the arguments of a call: commas inside of brackets are none of theirs.
function splitAtCommas(text) {
  const parts = [];
  let depth = 0;
  let part = '';
  for (const c of text) {
    if (c === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
      continue;
    }
    if (c === '(') depth++;
    if (c === ')') depth--;
    part += c;
  }
  return [...parts, part.trim()].filter(Boolean);
}

const macroOfCall = /^#define (sp_\w+)\((?:\.\.\.)?\) (sp_\w+)\((.*)\)$/;
const functionForm = /^(.*?\W)(sp_\w+)\((.*)\)$/;

// A macro that gives a function its last arguments: which function, and how many.
function readMacro(line) {
  const [, name, from, given] = line.match(macroOfCall);
  const count = splitAtCommas(given).filter((argument) => argument !== '__VA_ARGS__').length;
  return { name, from, count };
}

function readFunction(line) {
  const [, returns, name, parameters] = line.replace(/ SP__PRINTF\(.*\)$/, '').match(functionForm);
  return { name, returns: returns.trim(), parameters: splitAtCommas(parameters) };
}

// The functions of a header by their names, also those that are spindle's own.
function readFunctions(header) {
  const code = header.replace(/\/\*[^]*?\*\//g, '').replace(/^#(?:[^\n\\]|\\[^])*/gm, '');
  const found = code.matchAll(
    /^(?:static inline )?([\w *]+?\bsp_\w+\([^;{]*\))(?= SP__PRINTF|[\s]*[;{])/gm,
  );
  const functions = [...found].map(([, line]) => readFunction(oneLine(line)));
  return new Map(functions.reverse().map((read) => [read.name, read]));
}

// What a program calls where a macro gives the last arguments.
function callOf({ name, from, count }, functions) {
  const called = functions.get(from);
  const parameters = called.parameters.slice(0, called.parameters.length - count);
  const shown = from.startsWith('sp__') ? undefined : called;
  return { ...called, name, parameters: parameters.length ? parameters : ['void'], from: shown };
}

// A struct or an enum with what is public in it: [text, comment] of each.
function readType(code) {
  const [, head, kind, name, body] = code.match(/^((?:typedef )?(struct|enum) (\w+)) ?\{([^]*)\}/);
  const isPrivate = /^\s*\/\* all private \*\//.test(body);
  const members = [
    ...body.matchAll(/^ {2}(\S[^]*?[;,]|\w+(?= *\/\*))(?:\s*\/\*([^]*?)\*\/)?,?\n/gm),
  ]
    .map(([, text, comment = '']) => ({
      text: oneLine(text).replace(/[;,]$/, ''),
      comment: oneLine(comment),
    }))
    .filter(({ text, comment }) => !text.includes('sp__') && !/^private\b/.test(comment));
  return { head, kind, name, members: isPrivate ? [] : members };
}

// The lines of a list of X(name, value, "text") with a comment behind each.
function readErrors(code) {
  const lines = code.matchAll(/X\((\w+), (-\d+),\s*"(.*?)"\)\s*\/\* (.*?) \*\//g);
  return [...lines].map(([, name, value, text, python]) => ({ name, value, text, python }));
}

function readDirective(line, comment, functions) {
  if (macroOfCall.test(line)) {
    return [{ kind: 'function', ...callOf(readMacro(line), functions), comment }];
  }
  const [, name] = line.match(/^#define (SP_[A-Z_]+) /) ?? [];
  return name ? [{ kind: 'constant', name, text: line, comment }] : [];
}

function readDeclaration(declaration, comment, isCalledByMacro) {
  if (declaration.startsWith('typedef ')) {
    const [, name] = declaration.match(/(\w+)(\([^]*\))?$/);
    return [{ kind: 'typedef', name, text: `${declaration};`, comment }];
  }
  const read = functionForm.test(declaration) && readFunction(declaration);
  return read && !isCalledByMacro(read.name) ? [{ kind: 'function', ...read, comment }] : [];
}

function readCode(code, comment, { functions, isCalledByMacro }) {
  if (code.startsWith('#define SP_ERRORS')) {
    return [{ kind: 'errors', name: 'sp_error', errors: readErrors(code), comment }];
  }
  if (/^(static inline|template)\b/m.test(code)) return []; // spindle's own
  const type = /^((?:typedef )?(struct|enum) (\w+)) ?\{/m.exec(code);
  if (type) {
    const read = readType(code.slice(type.index));
    const isPublic = !read.name.startsWith('sp__') && read.name !== 'sp_error';
    return isPublic ? [{ ...read, type: read.kind, kind: 'type', comment }] : [];
  }
  const directives = code.match(/^#(?:[^\n\\]|\\[^])*/gm) ?? [];
  const rest = code.replace(/^#(?:[^\n\\]|\\[^])*/gm, '');
  const declarations = rest.split(';').map(oneLine).filter(Boolean);
  return [
    ...directives.flatMap((line) => readDirective(oneLine(line), comment, functions)),
    ...declarations.flatMap((each) => readDeclaration(each, comment, isCalledByMacro)),
  ];
}

// { main: a comment, sections: [{ title, comment, items }] }; each item is a function, a type, a typedef, a
// constant or the errors, with the comment in front of it. What stands together without a blank line between
// has one comment. What is spindle's own (sp__, SP__) is left out.
export function readHeader(header) {
  const sections = [{ title: 'Places', comment: null, items: [] }];
  const functions = readFunctions(header);
  const isCalledByMacro = (name) => name.endsWith('_from') || name.startsWith('sp__');
  const [main, ...chunks] = header.split(/\n\n+|(?<=\*\/\n)(?=#ifndef)/);
  for (const chunk of chunks) {
    let [comment] = chunk.match(/^\/\*[^]*?\*\//) ?? [null];
    const code = chunk.slice(comment ? comment.length : 0).trim();
    if (comment?.startsWith('/* ---')) {
      const [title, ...more] = comment.replace(/^\/\* -+\n \* /, '').split('\n');
      sections.push({
        title: title.replace(/ \*\/$/, ''),
        comment: more.length > 0 ? `/* ${more.join('\n').replace(/^ \*\s*/, '')}` : null,
        items: [],
      });
      comment = null;
    }
    sections[sections.length - 1].items.push(
      ...readCode(code, comment, { functions, isCalledByMacro }),
    );
  }
  return { main: main.trim(), sections: sections.filter(({ items }) => items.length > 0) };
}
