export interface DashboardViewProps {
  readonly serverId: string;
  readonly database: string;
}

/** What a server is doing now. */
export function DashboardView(_props: DashboardViewProps) {
  return null;
}
