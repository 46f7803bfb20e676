import type { Instruction } from '../../dockerfile/dockerfile.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { flagOf, instructionsOf } from './of-instructions.js';

const isUrl = (source: string): boolean => /^(?:https?|ftp):\/\//i.test(source);

const isGit = (source: string): boolean =>
  /^(?:git@|(?:git|ssh):\/\/)|^https?:\/\/\S+\.git(?:#|$)/i.test(source);

const ARCHIVE = /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.(?:gz|bz2|xz|zst|lz(?:ma)?|Z)|gz|bz2|xz|Z)$/;

/** What COPY and ADD take; the last word is where to. */
export const sourcesOf = ({ json, words }: Instruction): string[] =>
  (json ?? words.map(({ text }) => text)).slice(0, -1);

export const isArchive = (source: string): boolean => ARCHIVE.test(source);

const ADD_LOCAL = dockerfileCheck({
  id: 'dockerfile/add-local',
  title: 'Files are copied with COPY',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3020',
  why: 'ADD also unpacks and downloads, which nobody expects of a copy.',
  remedy: 'Use COPY; ADD is for archives that are to be unpacked',
  *find(dockerfile) {
    for (const add of instructionsOf(dockerfile, 'ADD')) {
      const isFile = (source: string): boolean =>
        !isUrl(source) && !isGit(source) && !isArchive(source) && !source.startsWith('<<');
      if (sourcesOf(add).some(isFile)) yield { line: add.line, message: 'ADD copies files' };
    }
  },
});

const ADD_HTTP = dockerfileCheck({
  id: 'dockerfile/add-http',
  title: 'Nothing is added over plain HTTP',
  severity: 'critical',
  mode: 'enforce',
  why: 'Whoever is between the build and the server can exchange what is sent, and it becomes part of the image.',
  remedy:
    'Keep the file in the source, or download it over https in a RUN that compares its checksum',
  *find(dockerfile) {
    for (const add of instructionsOf(dockerfile, 'ADD')) {
      if (flagOf(add, 'checksum') !== undefined) continue;
      if (sourcesOf(add).some((source) => /^(?:http|ftp|git):\/\//i.test(source)))
        yield { line: add.line, message: 'ADD downloads without encryption' };
    }
  },
});

const ADD_URL = dockerfileCheck({
  id: 'dockerfile/add-url',
  title: 'What is added from an address has a checksum',
  severity: 'medium',
  mode: 'warn',
  why: 'The server decides with each build anew what becomes part of the image.',
  remedy: 'Keep the file in the source, or download it in a RUN that compares its checksum',
  *find(dockerfile) {
    for (const add of instructionsOf(dockerfile, 'ADD')) {
      const isFetched = sourcesOf(add).some((source) => isUrl(source) && !isGit(source));
      if (isFetched && flagOf(add, 'checksum') === undefined)
        yield { line: add.line, message: 'ADD downloads a file without a checksum' };
    }
  },
});

/** A full commit after the address, with or without a folder of it. */
const COMMIT = /#(?:[0-9a-f]{40}|[0-9a-f]{64})(?::|$)/;

const ADD_GIT = dockerfileCheck({
  id: 'dockerfile/add-git',
  title: 'Repositories are added by commit',
  severity: 'medium',
  mode: 'warn',
  why: 'A branch or tag can be moved, so a build of the same commit would get another source.',
  remedy: 'Name the full commit after "#", or keep the files in the source',
  *find(dockerfile) {
    for (const add of instructionsOf(dockerfile, 'ADD')) {
      const isOpen = sourcesOf(add).some((source) => isGit(source) && !COMMIT.test(source));
      if (isOpen && flagOf(add, 'checksum') === undefined)
        yield { line: add.line, message: 'ADD takes a repository without a commit' };
    }
  },
});

/** What ADD takes. */
export const ADD_CHECKS = [ADD_LOCAL, ADD_HTTP, ADD_URL, ADD_GIT];
