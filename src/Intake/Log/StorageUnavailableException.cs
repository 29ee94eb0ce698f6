namespace Kilde.Intake.Log;

/// <summary>
/// The message could not be made safe just now. The sender is to send it again, with a new proof: should it have been
/// stored after all, it is answered as a repeat.
/// </summary>
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException()
        : base("The log cannot be written at the moment.")
    {
    }

    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
