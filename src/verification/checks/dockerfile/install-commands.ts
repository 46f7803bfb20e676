import type { Command } from '../../dockerfile/shell/command.js';
import { operands } from './command-flags.js';

/** A program that installs packages. */
interface Manager {
  readonly programs: RegExp;
  /** Words after the program that install. */
  readonly verbs: ReadonlySet<string>;
  /** Flags that are followed by a value. */
  readonly valued: ReadonlySet<string>;
}

const set = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const MANAGERS = {
  apt: {
    programs: /^(?:apt|apt-get|aptitude)$/,
    verbs: set('install reinstall'),
    valued: set('-t --target-release -o --option -c --config-file -a --host-architecture'),
  },
  apk: {
    programs: /^apk$/,
    verbs: set('add'),
    valued: set('-t --virtual -X --repository -p --root --keys-dir --repositories-file --arch'),
  },
  rpm: {
    programs: /^(?:yum|dnf|microdnf|tdnf|zypper)$/,
    verbs: set('install in groupinstall localinstall reinstall'),
    valued: set('-c --config -x --exclude -r --repo --releasever --installroot --setopt -R --root'),
  },
  pip: {
    programs: /^pip[\d.x]*$/,
    verbs: set('install'),
    valued: set(
      '-r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -f --find-links -t --target --prefix --root --src --trusted-host --python --python-version --platform --implementation --abi --no-binary --only-binary --progress-bar --proxy --cache-dir --upgrade-strategy --root-user-action --log --timeout --retries -b --build -C --config-settings',
    ),
  },
  npm: {
    programs: /^(?:npm|pnpm)$/,
    verbs: set('install i add'),
    valued: set('--registry --loglevel --prefix --cache --userconfig -C --dir --omit --include'),
  },
  yarn: {
    programs: /^yarn$/,
    verbs: set('add'),
    valued: set('--registry --cwd --cache-folder --modules-folder --network-timeout'),
  },
  gem: {
    programs: /^gem[\d.]*$/,
    verbs: set('install i'),
    valued: set('-v --version -i --install-dir -n --bindir -s --source -p --http-proxy -P'),
  },
  go: {
    programs: /^go$/,
    verbs: set('install get run'),
    valued: set('-ldflags -tags -mod -o -gcflags'),
  },
  cargo: {
    programs: /^cargo$/,
    verbs: set('install'),
    valued: set(
      '--version --vers --git --branch --tag --rev --path --root --index --registry --features -F --target --profile -j --jobs --bin --example --target-dir',
    ),
  },
} as const satisfies Record<string, Manager>;

/** `yarn global add`, `dnf module install`. */
const BEFORE_VERB = /^(?:global|module)$/;

export type ManagerName = keyof typeof MANAGERS;

/** What a command installs. */
export interface Install {
  /** As `apt-get install`. */
  readonly called: string;
  readonly packages: readonly string[];
}

/** What a command installs with one of these managers; undefined when it is none that does. */
export function installOf(command: Command, ...names: readonly ManagerName[]): Install | undefined {
  const called = withoutModule(command);
  for (const name of names) {
    const { programs, verbs, valued } = MANAGERS[name];
    if (!programs.test(called.program)) continue;
    // gem gives what follows to the build of the gem.
    const end = name === 'gem' ? called.args.indexOf('--') : -1;
    const args = end < 0 ? called.args : called.args.slice(0, end);
    const [first = '', ...rest] = operands({ args }, valued);
    const [verb = '', ...packages] = BEFORE_VERB.test(first) ? rest : [first, ...rest];
    // What follows the program that go runs is given to it.
    const own = verb === 'run' ? packages.slice(0, 1) : packages;
    if (verbs.has(verb)) return { called: `${called.program} ${verb}`, packages: own };
  }
  return undefined;
}

/** `python -m pip` and `uv pip` are pip. */
function withoutModule(command: Command): Pick<Command, 'program' | 'args'> {
  const { program, args } = command;
  if (program === 'uv' && args[0] === 'pip') return { program: 'pip', args: args.slice(1) };
  if (!/^python[\d.]*$/.test(program)) return command;
  const at = args.indexOf('-m');
  return at >= 0 && args[at + 1] === 'pip' ? { program: 'pip', args: args.slice(at + 2) } : command;
}
