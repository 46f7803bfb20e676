/**
 * What dockerode has for engines over ssh and for BuildKit, neither of which is ever asked for. It is
 * loaded with dockerode otherwise, by every daemon.
 */
const UNUSED = new Set(['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs']);
const ITS_USERS = /\/node_modules\/(?:dockerode|docker-modem)\//;
const NOTHING = '\0nothing';

const withoutUnused = {
  name: 'without-unused',
  /** @param {string} id @param {string} [importer] */
  resolveId: (id, importer = '') => (UNUSED.has(id) && ITS_USERS.test(importer) ? NOTHING : null),
  /** @param {string} id */
  load: (id) => (id === NOTHING ? 'export default {};' : null),
};

/** Native code is loaded from where it was built. */
const EXTERNAL = ['better-sqlite3'];

/** Optional parts of packages that are not installed; what needs one of them says so when it runs. */
const EXPECTED = new Set(['UNRESOLVED_IMPORT', 'COMMONJS_VARIABLE_IN_ESM', 'EVAL']);

/**
 * Bundles programs in TypeScript with all they import, packages included, into few files: to load a
 * thousand takes a second. Names in the result stay as they are, so that a stack can be read.
 *
 * @param {Readonly<Record<string, string>>} programs sources by name of the file, without ending,
 *   that is made of each
 * @param {string} folder where files are written; what is there stays
 * @returns {Promise<string[]>} the names of the files in it
 */
export async function bundle(programs, folder) {
  const { rolldown } = await import('rolldown');
  const bundled = await rolldown({
    input: programs,
    platform: 'node',
    external: EXTERNAL,
    plugins: [withoutUnused],
    onLog(level, log, handle) {
      if (!EXPECTED.has(log.code ?? '')) handle(level, log);
    },
  });
  const { output } = await bundled.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    // What is not there need not be read: a tenth of the time to load.
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundled.close();
  return output.map(({ fileName }) => fileName);
}
