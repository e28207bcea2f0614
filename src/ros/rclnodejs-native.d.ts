/** The used part of the native binding of rclnodejs, which its own declarations omit. */
declare module 'rclnodejs/lib/native_loader.js' {
  import type { ParameterType } from 'rclnodejs';

  /** Parameters given on the command line and in parameter files for one node name, as rcl parsed them. */
  interface NativeParameterOverrides {
    /** Full name, bare name, or a pattern with `*` and `**`. */
    readonly name: string;
    readonly parameters: readonly { readonly name: string; readonly type: ParameterType; readonly value: unknown }[];
  }
  const native: {
    /** `undefined` where none were given. */
    getParameterOverrides(context: unknown): readonly NativeParameterOverrides[] | undefined;
    /** A copy of the next message of a subscription, as its bytes (CDR); `undefined` where there is none. */
    rclTakeRaw(subscription: unknown): Buffer | undefined;
    /** Publishes a message as its bytes (CDR). */
    publishRawMessage(publisher: unknown, bytes: Buffer): void;
    /** Number of publishers on a topic, by its full name. */
    countPublishers(node: unknown, topic: string): number;
    /** Creates a handle of a time point [ns] for a clock type. */
    createTimePoint(nanoseconds: bigint, clockType: number): unknown;
  };
  export default native;
  export type { NativeParameterOverrides };
}
