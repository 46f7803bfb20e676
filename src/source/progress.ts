import { cleanText } from './clean-text.js';

const MAX_TEXT = 120;
/** Steps of git with what is done of them; what else it writes is for its developers. */
const STEP = /^(?:remote: )?((?:Enumerating|Counting|Compressing|Receiving|Resolving) [^,]*)/;

/** Passes on what lines of git say about progress, when it changes. */
export function progressLines(onProgress: (text: string) => void): (line: string) => void {
  let last = '';
  return (line) => {
    const [, step] = STEP.exec(line) ?? [];
    if (step === undefined) return;
    const text = cleanText(step, MAX_TEXT);
    if (text !== last) onProgress(text);
    last = text;
  };
}
