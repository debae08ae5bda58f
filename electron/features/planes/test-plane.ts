import { AppError, errorInfo, throwIfAborted } from '../../../shared/errors';
import { PLANE_STEPS, type PlaneStep, type PlaneTest, type PlaneTestStep } from '../../../shared/model/plane';
import { instanceCountResponse } from '../../adapters/control-plane/responses';
import type { Plane } from '../../adapters/control-plane/plane';

/** The step at which a failure belongs. Everything that answers and knows the key, but says no, is a matter of what the key may do. */
function stepOf(error: AppError): PlaneStep {
  const { code, apiCode = '' } = error.info;
  if (code === 'unreachable') return 'address';
  if (code === 'tls') return 'tls';
  // Something answered, but not as a control plane does.
  if (code === 'control-plane' && apiCode === '') return 'address';
  if (/^AuthFailure\.(?:UnauthorizedOperation|MFAFailure|NotAuthorized)/.test(apiCode)) return 'permission';
  if (apiCode.startsWith('AuthFailure')) return 'signature';
  return apiCode.startsWith('UnsupportedRegion') || /Region/.test(apiCode) ? 'region' : 'permission';
}

/** Asks for one instance: tells how far that came, and how many there are. Fails only with `cancelled` or `secrets-locked`. */
export async function testPlane(plane: Plane, protocol: 'https' | 'http', signal: AbortSignal): Promise<PlaneTest> {
  const steps = PLANE_STEPS.filter((step) => step !== 'tls' || protocol === 'https');
  try {
    const { TotalCount } = await plane.call({
      action: 'DescribeDBInstances',
      body: { Limit: 1, Offset: 0 },
      response: instanceCountResponse,
      signal,
    });
    return {
      ok: true,
      steps: steps.map((step): PlaneTestStep => ({ step, state: 'ok' })),
      text: '',
      instances: TotalCount,
    };
  } catch (error) {
    throwIfAborted(signal);
    if (!(error instanceof AppError) || error.code === 'secrets-locked' || error.code === 'cancelled') throw error;
    const failed = steps.indexOf(stepOf(error));
    const { message, detail, hint } = errorInfo(error);
    return {
      ok: false,
      steps: steps.map((step, at): PlaneTestStep => ({
        step,
        state: at < failed ? 'ok' : at === failed ? 'failed' : 'not-reached',
      })),
      // A hint that leads to the settings leads to where this is shown.
      text: [message, detail, /Settings/.test(hint ?? '') ? '' : hint].filter(Boolean).join(' · '),
      instances: null,
    };
  }
}
