import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { variablesIn } from './env-file.js';
import { RegistrarError } from '../model/errors.js';

/** The values of a Secret by key, in base64. */
export type SecretData = Readonly<Record<string, string>>;

/** Where the values of a new Secret are, as flags say it. */
export interface ValueSources {
  /** `KEY=VALUE` each. */
  readonly literals: readonly string[];
  /** `KEY=PATH` each, or the path of a file whose name is the key. */
  readonly files: readonly string[];
  /** Paths of files with lines `KEY=VALUE`. */
  readonly envFiles: readonly string[];
}

/** All values. BAD_REQUEST, without quoting any, for what cannot be read and keys that come twice. */
export async function readValues(sources: ValueSources): Promise<SecretData> {
  const data = new Map<string, string>();
  const found = [
    ...sources.literals.map((text) => literal(text)),
    ...(await Promise.all(sources.files.map(fromFile))),
    ...(await Promise.all(sources.envFiles.map(fromEnvFile))).flat(),
  ];
  for (const [key, value] of found) {
    if (data.has(key)) throw refuse(`Key "${key}" is given twice`);
    data.set(key, value.toString('base64'));
  }
  return Object.fromEntries(data);
}

/** One value from standard input: a line break that ends it is left out. */
export async function readValue(): Promise<Buffer> {
  if (process.stdin.isTTY) return Buffer.from(await ask());
  const bytes = await readAll(process.stdin);
  const end = [Buffer.from('\r\n'), Buffer.from('\n')].find((one) =>
    bytes.subarray(-one.length).equals(one),
  );
  return bytes.subarray(0, bytes.length - (end?.length ?? 0));
}

/** Asks a person, and shows nothing of what is typed. */
async function ask(): Promise<string> {
  const { password } = await import('@clack/prompts');
  const answer = await password({ message: 'Value', mask: ' ', output: process.stderr });
  if (typeof answer === 'string') return answer;
  throw refuse('Nothing was stored');
}

type Value = readonly [key: string, value: Buffer];

function literal(text: string): Value {
  const [key, value] = split(text, '--from-literal');
  return [key, Buffer.from(value)];
}

/** At the first "=": the rest belongs to the value. */
function split(text: string, flag: string): [key: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw refuse(`Cannot read what ${flag} was given; write KEY=VALUE`);
}

async function fromFile(text: string): Promise<Value> {
  const [key, path] = text.includes('=') ? split(text, '--from-file') : [basename(text), text];
  return [key, await read(path)];
}

const fromEnvFile = async (path: string): Promise<Value[]> => variablesIn(await read(path), path);

async function read(path: string): Promise<Buffer> {
  if (path === '-') return readAll(process.stdin);
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(`Cannot read "${path}": ${error.code ?? error.message}`);
  });
}

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);
