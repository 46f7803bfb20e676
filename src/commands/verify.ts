import type { Interfaces } from '@oclif/core';
import { string as stringArg } from '@oclif/core/args';
import { boolean, option, string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { filenameFlags } from '../client/flags.js';
import { gitBy, gitFlags } from '../client/git-flags.js';
import { withProgress } from '../client/progress.js';
import { listOf, renderDocument } from '../client/render/document.js';
import { problemLine, renderVerified, verifiedNotes } from '../client/render/verified.js';
import { serverPolicies } from '../client/server-policies.js';
import { readSources } from '../client/sources.js';
import { note, print, safeText } from '../client/terminal.js';
import type { Verification, VerifyRequest } from '../local/verify/verify.js';
import { RegistrarError } from '../model/errors.js';
import { blocks, warns } from '../model/verdict.js';

const FORMATS = ['json', 'yaml', 'sarif'] as const;

type VerifyFlags = Interfaces.InferredFlags<typeof Verify.flags & typeof Verify.baseFlags>;

export default class Verify extends ServerCommand {
  static override summary =
    'Runs the checks over manifests and their source, without applying them';
  static override description =
    'Needs no server. Checks are as a policy of --policy wants them; without that, as one beside the ' +
    'modules does; without that, as one of the server that --server or --data-dir names; without ' +
    'any, as they are by themselves. trivy, grype or osv-scanner is asked about dependencies where ' +
    'it is installed. Exits with 0 when nothing blocks, with 1 when a check that enforces found ' +
    'something or could not look, and with 2 when there is nothing to verify or it cannot be read.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --path .',
    '<%= config.bin %> <%= command.id %> -f miner.yaml --fetch --policy policy.yaml -o sarif',
  ];
  static override usage = '<%= command.id %> [-f PATH...] [--path FOLDER | --fetch]';
  static override args = { word: stringArg({ hidden: true, ignoreStdin: true }) };
  static override flags = {
    ...filenameFlags,
    path: string({
      exclusive: ['fetch'],
      helpValue: '<folder>',
      summary:
        'Check the files of a folder as they are; with the manifest in it when -f names none',
    }),
    fetch: boolean({ summary: 'Fetch the source that the manifests name, and check it' }),
    policy: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<path>',
      summary: 'File or folder with policies to go by; may be repeated',
    }),
    strict: boolean({ summary: 'Exit with 1 for what is only told, too' }),
    output: option({ char: 'o', options: FORMATS })({
      summary: 'Format; a table when not given',
    }),
    ...gitFlags,
  };

  protected override readonly failureCode = 2;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Verify);
    if (args.word !== undefined)
      throw new RegistrarError(
        'BAD_REQUEST',
        `Cannot tell what "${args.word}" is; write -f for a manifest, or --path for a folder`,
      );
    const request = await this.#request(flags);
    const { verifyLocally } = await import('../local/verify/verify.js');
    const verification = await withProgress('Verifying', (report) =>
      verifyLocally({ ...request, onProgress: report }),
    );
    const { modules, policies, problems } = verification;
    for (const problem of problems) this.reportText(problemLine(problem));
    if (modules.length + policies.length + problems.length === 0)
      throw new RegistrarError('BAD_REQUEST', 'No module is declared in what -f names');
    await this.#show(verification, flags.output);
    const results = modules.flatMap(({ report }) => report.spec.results);
    const isBad = results.some((one) => blocks(one) || (flags.strict && warns(one)));
    if (isBad) process.exitCode ??= 1;
  }

  async #request(flags: VerifyFlags): Promise<Omit<VerifyRequest, 'onProgress'>> {
    const { filename = [], path: folder, policy = [], fetch } = flags;
    if (filename.length === 0 && folder === undefined)
      throw new RegistrarError(
        'BAD_REQUEST',
        'There is nothing to verify; name a manifest with -f, or a folder with --path',
      );
    return {
      manifests: await readSources(filename, flags),
      policies: await readSources(policy, { recursive: false }),
      serverPolicies: this.#asksServer(flags)
        ? await serverPolicies(await this.connect(flags))
        : [],
      ...{ fetch, folder, git: gitBy(flags), env: process.env },
      registrarVersion: this.config.version,
    };
  }

  /** A server is not asked only because there may be one: what decides would depend on it. */
  #asksServer({
    policy,
    server,
  }: {
    policy: string[] | undefined;
    server: string | undefined;
  }): boolean {
    const namesFolder = this.argv.some((argument) => /^--data-dir(?:=|$)/.test(argument));
    return policy === undefined && (server !== undefined || namesFolder);
  }

  async #show(
    verification: Verification,
    format: (typeof FORMATS)[number] | undefined,
  ): Promise<void> {
    const { modules, policies } = verification;
    const text = await this.#textOf(verification, format);
    if (text !== '') print(text);
    for (const line of modules.flatMap(verifiedNotes)) note(safeText(line));
    for (const name of policies) note(`policy/${name}: Nothing is wrong with its text`);
  }

  async #textOf(
    verification: Verification,
    format: (typeof FORMATS)[number] | undefined,
  ): Promise<string> {
    const { modules } = verification;
    if (format === undefined) return renderVerified(modules);
    if (format === 'sarif') {
      const { sarifLog } = await import('../local/sarif/log.js');
      return JSON.stringify(sarifLog(verification, this.config.version), null, 2);
    }
    const reports = modules.map(({ report }) => report);
    const [only] = reports;
    return renderDocument(reports.length === 1 && only ? only : listOf(reports), format);
  }
}
