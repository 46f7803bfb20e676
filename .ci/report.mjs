import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * Reads reports of runs of the tests, in the order of the runs: what ran again counts as it ended
 * last.
 *
 *   report.mjs failed REPORT      names the files with a failure, a line each
 *   report.mjs count REPORT...    tells how many tests passed and failed, in one line
 */
const [, , verb, ...reports] = process.argv;

/** Of a run that broke off: its report is not there, or is cut. It has failed, in no file. */
const BROKEN_OFF = { testResults: [{ name: '', status: 'failed', assertionResults: [] }] };

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return BROKEN_OFF;
  }
}

const files = new Map(
  reports.flatMap((path) => read(path).testResults.map((result) => [result.name, result])),
);
const failed = [...files.values()].filter(({ status }) => status === 'failed');

function count() {
  const tests = [...files.values()].flatMap(({ assertionResults }) => assertionResults);
  const ended = (as) => tests.filter(({ status }) => status === as).length;
  // A file that does not load, or that cannot be set up, has failed without a test that has.
  const isTold = ({ assertionResults }) =>
    assertionResults.some((test) => test.status === 'failed');
  const untold = failed.filter((file) => !isTold(file)).length;
  return `${ended('passed')} passed, ${ended('failed') + untold} failed`;
}

if (verb === 'count') console.log(count());
else for (const { name } of failed) if (name !== '') console.log(relative('.', name));
