namespace Kilde.Register.Tables;

/// <summary>A definition asks for a table that cannot be made, or does not agree with the one that stands.</summary>
public sealed class InvalidRecordTableException(string message) : Exception(message);
