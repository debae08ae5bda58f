import { get } from 'node:https';
import { AppError, cancelled, throwIfAborted } from '../../../shared/errors';

const SIZE_MAX = 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** A small text that a cloud offers at an address of its own (a certificate). HTTPS only; redirects are not followed. */
export function downloadText(address: string, signal: AbortSignal): Promise<string> {
  throwIfAborted(signal);
  const failure = (detail: string): AppError =>
    new AppError({ code: 'unreachable', message: `${address} could not be fetched`, detail, retry: true });
  return new Promise((resolve, reject) => {
    if (!/^https:\/\//i.test(address)) {
      reject(failure('the address is not HTTPS'));
      return;
    }
    const sent = get(address, { timeout: TIMEOUT_MS, signal }, (response) => {
      if (response.statusCode !== 200) {
        sent.destroy(new Error(`the answer is ${response.statusCode ?? 0}`));
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > SIZE_MAX) sent.destroy(new Error('the answer is too long'));
      });
      response.once('end', () => resolve(text));
      response.once('error', (error) => reject(failure(error.message)));
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.once('error', (error) => reject(signal.aborted ? cancelled() : failure(error.message)));
  });
}
