import type { OperationPlan } from './operation-context';

export const DEPLOYMENT: OperationPlan = {
  steps: [],
  done: async () => ({ status: 'running', problem: '' }),
  failed: async (_, reason) => ({ status: 'running', problem: reason }),
};
