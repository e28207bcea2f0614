/** The fields of a response or a request. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Response to a request that failed: that it failed and why, as far as the response has fields for it, for each entry of
 * the request if needed.
 *
 * @param template - a response with every field at its default
 */
export function failureAnswer(template: Fields, request: Fields, reason: string): Fields {
  const failed = { successful: false, reason };
  const entries = Object.values(request).find(Array.isArray) as readonly unknown[] | undefined;
  return {
    ...template,
    ...('success' in template && { success: false }),
    ...('message' in template && { message: reason }),
    ...('result' in template && isOutcome(template['result']) && { result: failed }),
    ...('results' in template && { results: (entries ?? []).map(() => failed) }),
  };
}

const isOutcome = (value: unknown): boolean => typeof value === 'object' && value !== null && 'successful' in value;
