import { POSTGRES_API } from '../../../shared/model/control-plane';
import { DTS_API } from '../../../shared/model/migration';
import type { PlaneService } from './plane';

/** Version of each public service, as in the official SDK. */
export const SERVICE_VERSIONS: Readonly<Record<PlaneService, string>> = {
  postgres: POSTGRES_API,
  vpc: '2017-03-12',
  tag: '2018-08-13',
  dts: DTS_API,
};
