// Where native, Node and curl say different things of the same bytes, and each is right in its way: a row of
// http.md has the reason. Of a case with several mutations any may be the one.
//
// A difference: the row, the tags, what spindle says natively and what the other says.

const anything = /^/;
const answer = /^\d{3} /;
const refused = /^SP_EPROTOCOL$/;
const truncated = /^SP_ETRUNCATED$/;
const reset = /^SP_ECONNRESET$/;

const between = (list) =>
  list.map(([row, tags, native, other]) => ({ row, tags, native, other, used: 0 }));

// Node does what natively libcurl does not.
export const fromNode = between([
  ['header-folded', /^header-folded/, anything, refused],
  ['lines-end-in-line-feeds', /^header-line-feed$|^line-feed(s|-status|-end)$/, anything, refused],
  ['lines-end-in-line-feeds', /^informs-line-feeds/, answer, refused],
  ['lines-end-in-carriage-returns', /^carriage-returns$/, reset, refused],
  ['line-of-rtsp', /^rtsp/, refused, anything],
  ['line-after-blank-line', /^(blank-line|line-feed)s?-before/, refused, answer],
  ['length-twice-the-same', /^length-twice(-kept)?$/, anything, refused],
  ['length-and-tab', /^length-spaces/, anything, refused],
  [
    'length-and-chunks',
    /^(coding-and-length|length-(shorter-|zero-)?and-coding)/,
    anything,
    refused,
  ],
  ['length-and-identity', /^coding-identity-and-length/, anything, refused],
  ['coding-and-tab', /^coding-spaces/, anything, anything],
  [
    'chunk-size-and-space',
    /^chunks-(space|tab)-behind|^chunks-(extension|junk)/,
    anything,
    refused,
  ],
  ['chunk-size-and-space', /^trailer/, answer, refused],
  ['trailer-folded', /^trailer/, answer, refused],
  [
    'chunk-in-line-feeds',
    /^chunks-line-feed|^trailer-line-feeds|^chunks-data-shorter/,
    anything,
    refused,
  ],
  ['chunk-of-no-size', /^(chunks-not|chunks-carriage-returns)|-of-plain$/, truncated, refused],
  ['chunk-size-of-zeros', /^chunks-many-zeros/, refused, answer],
  ['chunk-size-of-16-digits', /^chunks-(16-digits|2\^63)/, refused, truncated],
  ['chunk-last-without-line-feed', /^cut-(chunked|gzip)-close/, answer, truncated],
  ['informs-and-closes', /^informs-with-close/, answer, refused],
  ['informs-of-http-1.0', /^informs-http-1\.0/, answer, refused],
]);

// The curl program takes what spindle refuses, and shows what there is of a head or of a packed body.
export const fromCurl = between([
  ['cut-head', /^cut-/, reset, truncated],
  ['cut-head', /^cut-/, reset, answer],
  ['gzip-cut-in-data', /^(gzip|deflate)-(short|bit)/, truncated, answer],
  ['coding-unknown', /^content-/, answer, refused],
  ['switches-to-nothing', /^informs-101/, refused, /^101 /],
  ['line-in-lower-case', /^lower-case/, refused, anything],
  ['line-of-http-2', /^http-(2|3|x|\.1)/, refused, anything],
  [
    'line-and-more-digits',
    /^(two-spaces|tab-for-space|status-of-4-digits|status-and-)/,
    refused,
    anything,
  ],
  [
    'name-with-space',
    /^header-(empty-name|space-|tab-|bytes-in|control-in|separator-|quotes-|at-in|is-status)/,
    refused,
    anything,
  ],
  ['name-with-space', /^length-space-before-colon|^coding-space-before-colon/, refused, anything],
  ['value-with-control', /^header-(control|delete|escape)$|^set-cookie-junk/, refused, anything],
  ['value-with-carriage-return', /^header-carriage-return|carriage-return/, refused, anything],
  ['length-and-letters', /^length-/, refused, anything],
  ['length-twice-not-the-same', /^head-length-conflict/, refused, anything],
  ['coding-is-unknown', /^coding-/, refused, anything],
]);

// Those of a list that say it, for a case.
function explain(list, tag, native, other) {
  const tags = tag.split('+');
  return list.filter(
    (one) =>
      tags.some((part) => one.tags.test(part)) && one.native.test(native) && one.other.test(other),
  );
}

// curl's own reading of a header's value is not compared.
const withoutHeader = (outcome) => outcome.replace(/^(\d+ )\[.*?\] /, '$1');
const lists = { node: fromNode, curl: fromCurl, 'native-asan': [] };

// What the first requests of cases came to natively and elsewhere, where that differs and no row says why.
export function unexplained({ cases, native, ...others }, name) {
  const show = name === 'curl' ? withoutHeader : (outcome) => outcome;
  const found = [];
  cases.forEach(({ tag, word }, i) => {
    const ours = show(native.outcomes[i].outcomes[0]);
    const theirs = show(others[name].outcomes[i].outcomes[0]);
    if (ours === theirs) return;
    const rules = explain(lists[name], tag, ours, theirs);
    for (const rule of rules) rule.used++;
    if (rules.length === 0) found.push(`${i} ${tag} (${word}): ${ours}, and ${name} ${theirs}`);
  });
  return found;
}
