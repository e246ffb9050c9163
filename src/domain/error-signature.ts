/** What two failures have in common: the kind of the error, and its words without values, names of files and numbers. */
const LONGEST = 160;

export function errorSignature(kind: string, message: string): string {
  const line = message.split('\n').find((text) => text.trim() !== '') ?? '';
  const plain = line
    .replace(/0x[0-9a-f]+/gi, '#')
    .replace(/(["'`]).*?\1/g, '…')
    .replace(/(?:\/[\w.@+~-]+)+/g, '…')
    .replace(/[-+]?\d[\d,.]*(?:e[-+]?\d+)?/gi, '#')
    .replace(/\s+/g, ' ')
    .trim();
  return `${kind}: ${plain}`.slice(0, LONGEST);
}

/** `ValueError` of `exception: ValueError: could not convert …`; the kind of outcome where there is no such word. */
export function errorType(signature: string): string {
  return (
    signature.match(/\b[A-Za-z_.]*(?:Error|Exception|Warning|Interrupt)\b/)?.[0] ?? signature.split(':')[0] ?? signature
  );
}
