import { SAMPLE_IMAGE } from '../../bin/lib/sample-image.js';

interface Parts {
  /** Lines of the metadata beside the name. */
  readonly metadata?: string;
  /** Lines of the spec beside those that every module needs. */
  readonly spec?: string;
}

const manifest = (head: string, { metadata = '', spec = '' }: Parts = {}): string =>
  `apiVersion: registrar.synapsis.network/v1
kind: Module
metadata:
  ${head}
${metadata}spec:
  version: 1.0.0
  type: miner
  license: MIT
  image: ${SAMPLE_IMAGE}
  strategy: { minReadySeconds: 0 }
${spec}`;

const APP = '  labels: { app: demo }\n';
const TWO = `  replicas: 2
  env:
    - { name: A, value: "1" }
    - { name: B, value: "2" }
`;
const THREE = `  replicas: 3
  env:
    - { name: A, value: "1" }
`;
const CHATTY = `  replicas: 2
  command:
    - sh
    - -c
    - i=0; while :; do i=$((i + 1)); echo "line $i"; sleep 0.1; done
`;

/** The manifests of the checklist, by file name. */
export const MANIFESTS: Readonly<Record<string, string>> = {
  'demo.yaml': manifest('name: demo', { metadata: APP, spec: TWO }),
  'demo3.yaml': manifest('name: demo', { metadata: APP, spec: THREE }),
  /** Demo without containers. */
  'idle.yaml': manifest('name: demo', {
    metadata: APP,
    spec: '  replicas: 2\n  suspend: true\n',
  }),
  /** Demo that writes a line each tenth of a second, and has run before. */
  'chatty.yaml': manifest('name: demo', { metadata: APP, spec: CHATTY }),
  'gen.yaml': manifest('generateName: gen-'),
  'typo.yaml': manifest('name: typo', { spec: '  replicaz: 2\n' }),
  'invalid.yaml': `apiVersion: registrar.synapsis.network/v1
kind: Module
metadata:
  name: invalid
spec:
  version: 1.0.0
  type: gambler
  license: MIT
  replicas: -1
`,
  'badname.yaml': manifest('name: Bad_Name'),
  'fin.yaml': manifest('name: fin', {
    metadata: '  finalizers: [registrar.synapsis.network/containers]\n',
  }),
  'held.yaml': manifest('name: held', {
    metadata: '  finalizers: [example.com/hold]\n',
    spec: '  suspend: true\n',
  }),
  'ssa.yaml': manifest('name: ssa', { metadata: APP, spec: TWO }),
  'ssa3.yaml': manifest('name: ssa', { metadata: APP, spec: THREE }),
};
