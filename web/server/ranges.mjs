// What a person may say of delays and errors: in seconds 'MIN..MAX', as a share '0.25'.

export const longestDelay = 3600;

const number = String.raw`(\d+(?:\.\d+)?|\.\d+)`;
const wholeRange = new RegExp(`^${number}\\.\\.${number}$`);
const wholeNumber = new RegExp(`^${number}$`);

// [shortest, longest] in seconds; null if the text is nothing of the kind.
export function readRange(text) {
  const [shortest, longest] = (wholeRange.exec(text) ?? []).slice(1).map(Number);
  return shortest <= longest && longest <= longestDelay ? [shortest, longest] : null;
}

// A number from 0 to 1; null if the text is nothing of the kind.
export function readShare(text) {
  const share = Number(wholeNumber.exec(text)?.[1]);
  return share <= 1 ? share : null;
}
