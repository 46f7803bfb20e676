import { dockerfileCheck } from './dockerfile-check.js';
import type { Finding } from './dockerfile-check.js';
import { hasFlag } from './command-flags.js';
import { allCommands, instructionsOf } from './of-instructions.js';
import type { Dockerfile } from '../../dockerfile/dockerfile.js';

function* insecureFlags(dockerfile: Dockerfile): Generator<Finding> {
  for (const { flags } of instructionsOf(dockerfile, 'RUN'))
    for (const { name, value, line } of flags) {
      if (name === 'security' && value !== 'sandbox')
        yield { line, message: 'RUN asks for more rights than a build has' };
      if (name === 'network' && value === 'host')
        yield { line, message: 'RUN asks for the network of the host' };
    }
}

const RUN_PRIVILEGED = dockerfileCheck({
  id: 'dockerfile/run-privileged',
  title: 'No step asks for rights on the host',
  severity: 'critical',
  mode: 'enforce',
  why: 'A step that runs privileged, or in the network of the host, can change the host and reach what listens on it.',
  remedy: 'Leave --security=insecure, --network=host and --privileged out',
  *find(dockerfile) {
    yield* insecureFlags(dockerfile);
    for (const { command } of allCommands(dockerfile))
      if (/^(?:docker|podman|nerdctl)$/.test(command.program) && hasFlag(command, '--privileged'))
        yield { line: command.line, message: 'A container is started with all rights' };
  },
});

const SOCKET = /\b(?:docker|containerd|podman|crio)\.sock\b/;

const ENGINE_SOCKET = dockerfileCheck({
  id: 'dockerfile/engine-socket',
  title: 'The socket of the engine is not used',
  severity: 'critical',
  mode: 'enforce',
  why: 'Whoever can talk to the engine is root on the host.',
  remedy: 'Do without the engine in the module',
  *find({ instructions }) {
    for (const { keyword, line, source, flags, isTrigger, heredocs } of instructions) {
      if (keyword === 'LABEL' || isTrigger) continue;
      const texts = [source.text, ...flags.map(({ value }) => value)];
      const bodies = heredocs.map(({ body }) => body.text);
      if ([...texts, ...bodies].some((text) => SOCKET.test(text)))
        yield { line, message: 'It uses the socket of the engine' };
    }
  },
});

/** What a build or module could reach beyond its container. */
export const PRIVILEGE_CHECKS = [RUN_PRIVILEGED, ENGINE_SOCKET];
