/** Whether the value of a Content-Type field names that media type (RFC 9110 §8.3.1). */
export function isType(value: string, type: string): boolean {
  return value.split(';', 1)[0]!.trim().toLowerCase() === type.toLowerCase()
}
