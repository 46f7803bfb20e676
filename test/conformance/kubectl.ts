import type { Terminal } from './shell.js';
import { runCommand } from './shell.js';

/** What only a kubectl from some minor version on can do against a server of this kind. */
export const ABILITIES = {
  explain: { from: 24, items: '5, 6', why: 'reads schemas from OpenAPI v2 only' },
  fieldValidation: { from: 25, items: '15–17', why: 'does not ask for field validation' },
  dryRun: {
    from: 24,
    items: '20, 40, 42, 43, 61, 75',
    why: 'cannot tell that dry runs are supported',
  },
  wording: { from: 27, items: '49, 50', why: 'words these failures otherwise' },
  migration: {
    from: 26,
    items: '65',
    why: 'leaves the fields of client-side apply where they are',
  },
  events: { from: 26, items: '36', why: 'has no command events' },
  subresource: { from: 24, items: '54', why: 'has no flag --subresource' },
  waitForJson: { from: 23, items: '68, L11', why: 'cannot wait for a value' },
  whoami: { from: 27, items: '86', why: 'has no command auth whoami' },
  exec: { from: 30, items: '99', why: 'speaks SPDY only' },
  createToken: { from: 24, items: '102', why: 'has no command create token' },
  enum: { from: 30, items: '6 (in part)', why: 'leaves values of enums out of explain' },
} as const;

export type Ability = keyof typeof ABILITIES;

/** The versions on both sides of the wire. */
export interface Versions {
  /** `v1.32.4`; of the kubectl that a dispatcher chose for this server. */
  readonly client: string;
  readonly server: string;
}

/** Asks kubectl for both versions. */
export async function versionsOf(terminal: Terminal): Promise<Versions> {
  const { stdout, stderr } = await runCommand('kubectl version -o json', terminal);
  if (stdout === '') throw new Error(`kubectl cannot ask the server for its version: ${stderr}`);
  const { clientVersion, serverVersion } = JSON.parse(stdout);
  return { client: clientVersion.gitVersion, server: serverVersion?.gitVersion ?? 'unknown' };
}

const minorOf = ({ client }: Versions): number => Number(/^v\d+\.(\d+)/.exec(client)?.[1]);

/** Why this kubectl cannot do something; undefined when it can. */
export function lackOf(versions: Versions, ability: Ability): string | undefined {
  const { from, why } = ABILITIES[ability];
  if (minorOf(versions) >= from) return undefined;
  return `kubectl ${versions.client} ${why}; 1.${from} or newer can`;
}

/** For the output of the tests: what runs, and which items it cannot do. */
export function describeVersions(versions: Versions): string {
  const lacks = (Object.keys(ABILITIES) as Ability[])
    .filter((ability) => lackOf(versions, ability) !== undefined)
    .map((ability) => `items ${ABILITIES[ability].items}: it ${ABILITIES[ability].why}`);
  const skipped = lacks.length === 0 ? 'all items' : `all but ${lacks.join('; ')}`;
  return `kubectl ${versions.client} against server ${versions.server}: ${skipped}`;
}
