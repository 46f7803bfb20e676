import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from './cli.js';
import type { Ran, RunOptions } from './cli.js';
import { temporaryFolder } from './git-repository.js';
import { goodFiles } from './module-repository.js';

/** Of which no check says that it blocks. */
export const GOOD_FILES = goodFiles('python:3.12-slim');

/** A manifest of a module that is built from a repository. */
export const builtFrom = (
  repoUrl: string,
  more = '',
): string => `apiVersion: registrar.synapsis.network/v1
kind: Module
metadata:
  name: web
  labels: { subnet: "17" }
spec:
  version: 1.0.0
  type: miner
  license: MIT
  source: { repoUrl: "${repoUrl}" }
${more}`;

export const GOOD_MANIFEST = builtFrom('https://git.example.org/web.git');

/** A policy with a spec in YAML, in one line. */
export const policyOf = (
  name: string,
  spec: string,
): string => `apiVersion: registrar.synapsis.network/v1
kind: Policy
metadata: { name: ${name} }
spec: ${spec}
`;

/** Lets repositories be folders of this machine. */
export const LOCAL_POLICY = policyOf(
  'local',
  '{ checks: [{ id: manifest/repository-scheme, parameters: { schemes: [file] } }] }',
);

export interface Verified extends Ran {
  /** Where it kept temporary files; empty when it has tidied up. */
  readonly place: string;
}

/** Runs `registrar verify` with a place of its own for temporary files. */
export async function runVerify(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Verified> {
  const place = join(temporaryFolder('place'), 'tmp');
  mkdirSync(place);
  const env = { TMPDIR: place, ...options.env };
  return { ...(await runCli(['verify', ...args], { ...options, env })), place };
}
