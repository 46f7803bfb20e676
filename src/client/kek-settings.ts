import { RegistrarError } from '../model/errors.js';
import type { KekSettings } from '../settings.js';

const VARIABLE = 'REGISTRAR_KEK';

/**
 * Where the keys of Secrets come from; undefined when nothing is said. Takes the variable out of the
 * environment, so that no program that is run gets it. BAD_REQUEST, without quoting what was given.
 */
export function kekBy(
  command: string | undefined,
  env: Record<string, string | undefined>,
): KekSettings | undefined {
  const keys = env[VARIABLE];
  delete env[VARIABLE];
  if (keys === undefined || keys === '')
    return command === undefined ? undefined : kekFrom(command);
  if (command === undefined) return { kind: 'variable', name: VARIABLE, keys };
  throw refuse(`The key of Secrets is given twice: leave out ${VARIABLE} or --kek-command`);
}

function kekFrom(command: string): KekSettings {
  const [program, ...args] = listIn(command);
  if (program !== undefined && program !== '') return { kind: 'command', argv: [program, ...args] };
  throw refuse('Cannot read --kek-command; write a list of texts in JSON, such as ["pass","kek"]');
}

function listIn(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : [];
  } catch {
    return [];
  }
}

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);
