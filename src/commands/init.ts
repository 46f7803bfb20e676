import type { Interfaces } from '@oclif/core';
import { boolean, option, string } from '@oclif/core/flags';
import { string as stringArg } from '@oclif/core/args';
import { ask, canAsk } from '../client/ask.js';
import { LocalCommand } from '../client/base-command.js';
import { gitBy, gitFlags } from '../client/git-flags.js';
import { writeNewFile } from '../client/new-file.js';
import { withProgress } from '../client/progress.js';
import { reportTable } from '../client/render/report.js';
import { note, print, safeText } from '../client/terminal.js';
import type { Answers } from '../local/init/draft.js';
import type { Asked } from '../local/init/field-problem.js';
import type { Build, Facts } from '../local/init/found.js';
import type { Written } from '../local/init/init.js';
import { RegistrarError } from '../model/errors.js';

/** The list in the model comes with its schemas, which take long to load. A test compares. */
const TYPES = ['miner', 'validator', 'observer', 'inference', 'storage'] as const;

const FLAGS: Readonly<Record<Asked, string>> = {
  ...{ name: '--name', type: '--type', version: '--version', license: '--license' },
  ...{ repoUrl: '--repo-url', branch: '--branch' },
};

const QUESTIONS: Readonly<Record<Asked, string>> = {
  name: 'What is the module to be called?',
  type: 'What does it do in its subnet?',
  version: 'Which version is it, such as 1.4.2?',
  license: 'Which licence is it under, such as MIT? NOASSERTION when nobody says',
  repoUrl: 'Where is its repository, https or ssh?',
  branch: 'Which branch or tag is to be built?',
};

const text = (helpValue: string, summary: string) => string({ helpValue, summary });

type InitFlags = Interfaces.InferredFlags<typeof Init.flags>;

export default class Init extends LocalCommand {
  static override summary = 'Writes a manifest for a repository, from what is found in it';
  static override description =
    'Needs no server. Looks at the Dockerfile, licence, tags, README, package.json, pyproject.toml ' +
    'and .env.example, and asks for what is not there; without a terminal it must be told. ' +
    'Comments in the manifest say where each value is from. At the end it tells what is left to do.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> https://github.com/example/echo-miner.git',
    '<%= config.bin %> <%= command.id %> . --type miner --output registrar.yaml',
  ];
  static override usage = '<%= command.id %> URL|FOLDER';
  static override args = {
    repository: stringArg({
      required: true,
      ignoreStdin: true,
      description: 'URL of a repository, or a folder',
    }),
  };
  static override flags = {
    name: text('<name>', 'Name of the module'),
    type: option({ options: TYPES })({ summary: 'What the module does in its subnet' }),
    version: text('<version>', 'Semantic version of the module'),
    license: text('<licence>', 'SPDX expression, or NOASSERTION'),
    'repo-url': text('<url>', 'Repository to build from; that of the folder when not given'),
    branch: text('<name>', 'Branch or tag to look at and to build'),
    dockerfile: text('<path>', 'Dockerfile to build, from the top of the repository'),
    output: text('<file>', 'File to write, - for standard output; NAME.yaml when not given'),
    force: boolean({ summary: 'Write over a file that exists' }),
    ...gitFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Init);
    const { lookAtRepository, writeManifest } = await import('../local/init/init.js');
    const facts = await withProgress('Looking at the repository', (onProgress) =>
      lookAtRepository({
        ...{ place: args.repository, branch: flags.branch, dockerfile: flags.dockerfile },
        ...{ git: gitBy(flags), onProgress },
      }),
    );
    const build = await this.#build(facts);
    const answers = await this.#answers(facts, build, flags);
    const named = `${answers.name.value}.yaml`;
    const file = flags.output ?? named;
    const registrarVersion = this.config.version;
    const written = await writeManifest(facts, build, answers, {
      ...{ file: file === '-' ? named : file, registrarVersion },
    });
    if (file === '-') print(written.text.trimEnd());
    else await writeNewFile(file, written.text, flags.force);
    this.#tell(file, args.repository, written);
  }

  /** The build of the Dockerfile that is meant. */
  async #build({ builds, isClear }: Facts): Promise<Build> {
    const [first] = builds;
    if (first === undefined) throw new Error('a repository without a Dockerfile was looked at');
    if (isClear) return first;
    const paths = builds.map(({ dockerfile }) => dockerfile);
    if (!canAsk())
      throw new RegistrarError(
        'BAD_REQUEST',
        `There are several Dockerfiles, and no terminal to ask in; say --dockerfile with one of ${safeText(paths.join(', '))}`,
      );
    const message = 'Which Dockerfile builds the module?';
    const path = await ask({ message, options: paths, problem: () => undefined });
    return builds.find(({ dockerfile }) => dockerfile === path) ?? first;
  }

  /** What was said, what was found, and what is asked for the rest. */
  async #answers(facts: Facts, build: Build, flags: InitFlags): Promise<Answers> {
    const { foundAnswers } = await import('../local/init/found-answers.js');
    const { fieldProblem } = await import('../local/init/field-problem.js');
    const { name, type, version, license, branch, 'repo-url': repoUrl } = flags;
    const said = { name, type, version, license, repoUrl, branch };
    const answers: Partial<Answers> = { ...foundAnswers(facts, build) };
    for (const field of Object.keys(FLAGS) as Asked[]) {
      const value = said[field];
      const problem = value === undefined ? undefined : fieldProblem(field, value);
      if (problem !== undefined)
        throw new RegistrarError('BAD_REQUEST', `Cannot use ${FLAGS[field]}: ${problem}`);
      if (value !== undefined) answers[field] = { value, from: FLAGS[field] };
    }
    await this.#askFor(answers, fieldProblem);
    return answers as Answers;
  }

  async #askFor(
    answers: Partial<Answers>,
    fieldProblem: (field: Asked, value: string) => string | undefined,
  ): Promise<void> {
    const missing = (Object.keys(FLAGS) as Asked[]).filter((field) => !(field in answers));
    if (missing.length > 0 && !canAsk()) {
      const flags = missing.map((field) => FLAGS[field]).join(' and ');
      throw new RegistrarError(
        'BAD_REQUEST',
        `Cannot find out all that a manifest needs, and there is no terminal to ask in; say ${flags}`,
      );
    }
    for (const field of missing) {
      const options = field === 'type' ? TYPES : undefined;
      const problem = (value: string) => fieldProblem(field, value);
      const value = await ask({ message: QUESTIONS[field], options, problem });
      answers[field] = { value, from: 'you' };
    }
  }

  #tell(file: string, place: string, { report, toDo }: Written): void {
    const table = reportTable(report.spec.results);
    if (file !== '-') note(safeText(`Wrote ${file}`));
    if (table !== '') note(safeText(table));
    if (toDo.length > 0) note(safeText(['To do:', ...toDo.map((line) => `  ${line}`)].join('\n')));
    if (file !== '-') note(safeText(nextStep(file, place)));
  }
}

/** A URL has a colon, a folder hardly ever. */
const nextStep = (file: string, place: string): string =>
  place.includes(':')
    ? `Next: registrar verify -f ${file} --fetch`
    : `Next: registrar verify -f ${file} --path ${place}`;
