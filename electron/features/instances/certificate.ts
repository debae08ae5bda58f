import { AppError } from '../../../shared/errors';
import { downloadText } from '../../adapters/control-plane/download';
import type { Plane } from '../../adapters/control-plane/plane';
import { sslResponse } from '../../adapters/control-plane/responses';
import { writeFileAtomically } from '../../adapters/storage/json-document';

const isPem = (text: string): boolean => text.includes('-----BEGIN CERTIFICATE-----');

/** The certificate of the authority that signs an instance's, as PEM: in the answer itself, or at the address that it names. */
export async function readCertificate(plane: Plane, id: string, signal: AbortSignal): Promise<string> {
  const { CACert, CAUrl } = await plane.call({
    action: 'DescribeDBInstanceSSLConfig',
    body: { DBInstanceId: id },
    response: sslResponse,
    signal,
  });
  const text = CACert && isPem(CACert) ? CACert : CAUrl ? await downloadText(CAUrl, signal) : '';
  if (isPem(text)) return text.endsWith('\n') ? text : `${text}\n`;
  throw new AppError({
    code: 'not-found',
    message: 'The control plane has no certificate for this instance',
    hint: 'Turn TLS on first.',
  });
}

export async function saveCertificate(plane: Plane, id: string, file: string, signal: AbortSignal): Promise<void> {
  const text = await readCertificate(plane, id, signal);
  try {
    await writeFileAtomically(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError({ code: 'file', message: `${file} could not be written: ${reason}` }, { cause: error });
  }
}
