import { protocol, type Session } from 'electron';
import { answerAppRequest } from './app-assets';
import { APP_SCHEME } from './app-url';

/** Must run before the app is ready, once. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Serves the renderer's folder under the scheme, GET only. */
export function serveAppScheme(session: Session, folder: string): void {
  session.protocol.handle(APP_SCHEME, (request) => answerAppRequest(folder, request));
}
