import { dts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dts';
import type { TestControlPlane } from './control-plane';
import { sdkConfig, service, type Service } from './sdk-call';
import { sdkTypes } from './sdk-types';

type Access = Pick<TestControlPlane, 'endpoint' | 'secretId' | 'secretKey'>;

/** The public `dts` service of a control plane by the official SDK. */
export const dtsService = (plane: Access, region = 'ap-guangzhou'): Service =>
  service(new dts.v20211206.Client(sdkConfig(plane, region)), sdkTypes('dts', 'v20211206'));
