/** Time in which an issuer must have answered in full. */
const TIMEOUT_MS = 5000;
const MAX_BYTES = 256 * 1024;

/** Gets JSON from somebody who is trusted no further: in bounded time and size, without redirects. */
export async function fetchJson(url: URL): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${url.origin} answered with ${response.status}`);
  return JSON.parse(await boundedText(response)) as unknown;
}

async function boundedText({ body, url }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > MAX_BYTES) throw new Error(`${url} answers with more than ${MAX_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}
