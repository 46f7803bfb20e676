/** A manifest of a module that runs the image which served daemons hold. */
export function manifestOf(name: string, more = ''): string {
  return `apiVersion: registrar.synapsis.network/v1
kind: Module
metadata:
  name: ${name}
  labels: { subnet: "17" }
spec:
  version: 1.0.0
  type: miner
  license: MIT
  image: sample:1
  strategy: { minReadySeconds: 0 }
${more}`;
}

/** Texts as one of several documents. */
export const documents = (...texts: readonly string[]): string => texts.join('---\n');
