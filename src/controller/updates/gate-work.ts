import { writtenForms } from '../../lib/conceal.js';
import { needsOf } from '../../model/dependencies.js';
import type { GateEnd } from '../../docker/runtime.js';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { Revealed } from '../../model/secret.js';
import type { Gate } from '../../model/updates-spec.js';
import type { Candidate } from '../../model/updates-status.js';
import type { GateRun } from '../../plan/updates/gate.js';
import type { Blueprint } from '../blueprint.js';
import type { ReconcileContext } from '../context.js';
import type { Work } from '../jobs.js';
import { outcomeText } from '../outcome.js';
import { basisOf } from '../preparation/basis.js';
import { revealSecrets } from '../preparation/reveal-secrets.js';
import { rulesOf } from '../preparation/source-job.js';
import { masked } from '../rollout/mask.js';

/** What a gate is run for. */
export interface GateSubject {
  readonly module: Module;
  readonly candidate: Candidate;
  readonly blueprint: Blueprint;
}

/** One run of a gate. It fails only when it cannot be told what the gate says. */
export function gateWork(
  gate: Gate,
  subject: GateSubject,
  context: ReconcileContext,
): Work<GateRun> {
  const { command, http, timeoutSeconds } = gate;
  const timeoutMs = timeoutSeconds * 1000;
  if (command !== undefined) return commandWork({ command, timeoutMs }, subject, context);
  return httpWork({ url: http?.url ?? '', timeoutMs }, subject, context);
}

function commandWork(
  { command, timeoutMs }: { readonly command: readonly string[]; readonly timeoutMs: number },
  { module, blueprint }: GateSubject,
  context: ReconcileContext,
): Work<GateRun> {
  return async (_, signal) => {
    const { template, imageId } = blueprint;
    const { env: secrets, files } = valuesFor(module, blueprint, context);
    const values = [...secrets.values()].map((value) => Buffer.from(value));
    const forms = writtenForms([...values, ...files.map(({ bytes }) => bytes)]);
    const made = { module: module.metadata.name, template, imageId, secrets, files };
    const request = { ...made, uses: needsOf(module), command, timeoutMs };
    try {
      const end = await context.runtime.runGate(request, signal);
      return runOf(end, timeoutMs, forms);
    } catch (error) {
      // Its image has no such program: that is a word about the candidate.
      if (!isRegistrarError(error, 'START_FAILED')) throw error;
      return failed(`its command cannot be started: ${masked(error.message, forms)}`);
    }
  };
}

/** The values of its Secrets, when nobody changed one meanwhile. */
function valuesFor(module: Module, blueprint: Blueprint, context: ReconcileContext): Revealed {
  const { values, problem } = revealSecrets(module, blueprint, context);
  if (values !== undefined) return values;
  throw new RegistrarError('SECRET_UNREADABLE', outcomeText(problem).message);
}

const failed = (message: string, log: readonly string[] = []): GateRun => ({
  ...{ passed: false, message, log },
});

function runOf(
  { exitCode, oomKilled, log }: GateEnd,
  timeoutMs: number,
  secrets: readonly string[],
): GateRun {
  if (exitCode === 0)
    return { passed: true, message: 'its command ended with exit code 0', log: [] };
  const lines = log
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => masked(line, secrets));
  const last = lines.at(-1);
  const words = last === undefined ? '' : `: ${last}`;
  return failed(`${endOf(exitCode, oomKilled, timeoutMs)}${words}`, lines);
}

function endOf(exitCode: number | undefined, oomKilled: boolean, timeoutMs: number): string {
  if (exitCode === undefined) return `its command did not end within ${timeoutMs / 1000} s`;
  const memory = oomKilled ? ' as it wanted more memory than it may have' : '';
  return `its command ended with exit code ${exitCode}${memory}`;
}

function httpWork(
  { url, timeoutMs }: { readonly url: string; readonly timeoutMs: number },
  { module, candidate }: GateSubject,
  context: ReconcileContext,
): Work<GateRun> {
  return async (_, signal) => {
    const { privateAddresses } = rulesOf(basisOf(module, context));
    const headers = {
      ...{ 'user-agent': 'registrar', 'registrar-module': module.metadata.name },
      ...{ 'registrar-candidate': candidate.id, 'registrar-version': candidate.version },
    };
    const question = { url, privateAddresses, timeoutMs, headers };
    const answer = await context.askGate(question, signal);
    // What is behind "?" may be a key.
    const asked = `GET ${url.replace(/\?.*$/s, '')}`;
    if ('problem' in answer) return failed(`${asked}: ${answer.problem}`);
    const message = `${asked} answered ${answer.status}`;
    const passed = answer.status >= 200 && answer.status < 300;
    return { passed, message, log: [] };
  };
}
