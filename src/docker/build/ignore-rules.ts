import { posix } from 'node:path';
import { RegistrarError } from '../../model/errors.js';
import { cleanText } from '../errors.js';
import { compileGlob } from './glob.js';
import type { Glob } from './glob.js';

/** More than anybody writes by hand; each is tried on each file. */
const MAX_PATTERNS = 500;
const MAX_PATTERN_LENGTH = 512;

interface Rule {
  readonly matches: Glob;
  /** Takes back what earlier rules left out. */
  readonly isException: boolean;
}

/** Says whether a path of the context is left out. */
export type Ignore = (path: string) => boolean;

/**
 * The rules of a .dockerignore file, as docker build's client reads them: the last one that fits a
 * path or a folder above it decides. BUILD_FAILED for a file that cannot be read.
 */
export function parseIgnoreRules(text: string): Ignore {
  const lines = text.replace(/^\u{feff}/u, '').split('\n');
  const patterns = lines.filter((line) => !line.startsWith('#') && line.trim() !== '');
  if (patterns.length > MAX_PATTERNS) throw unreadable(`it has more than ${MAX_PATTERNS} patterns`);
  const rules = patterns.map((line) => ruleOf(line.trim()));
  return (path) => rules.findLast((rule) => rule.matches(path))?.isException === false;
}

function ruleOf(line: string): Rule {
  const isException = line.startsWith('!');
  const pattern = posix
    .normalize(isException ? line.slice(1).trim() : line)
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/(?=.)/, '');
  const matches = pattern.length > MAX_PATTERN_LENGTH ? undefined : compileGlob(pattern);
  if (matches === undefined || line === '!') {
    throw unreadable(`pattern "${cleanText(line)}" is malformed or too long`);
  }
  return { matches, isException };
}

const unreadable = (why: string): RegistrarError =>
  new RegistrarError('BUILD_FAILED', `Cannot read .dockerignore: ${why}; correct it`);
