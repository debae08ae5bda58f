import { dts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts';
import type { TestControlPlane } from './control-plane';
import { sdkConfig, service, type Service } from './sdk-call';
import { sdkTypes } from './sdk-types';

type Access = Pick<TestControlPlane, 'endpoint' | 'secretId' | 'secretKey'>;

const isReplay = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'AuthFailure.SignatureExpire';

/**
 * The public `dts` service of a control plane by the official SDK. The SDK signs no nonce: the same change twice in one second is a replay, so
 * it is sent again in the next one.
 */
export function dtsService(plane: Access, region = 'ap-guangzhou'): Service {
  const client = new dts.v20211206.Client(sdkConfig(plane, region));
  const request = async (action: string, body: object): Promise<unknown> => {
    for (const until = Date.now() + 2_000; ; await new Promise((done) => setTimeout(done, 100))) {
      try {
        return await client.request(action, body);
      } catch (error) {
        if (!isReplay(error) || Date.now() > until) throw error;
      }
    }
  };
  return service({ request }, sdkTypes('dts', 'v20211206'));
}
