namespace Kilde.Synthetic;

/// <summary>How a file's characters become bytes; its XML declaration says which.</summary>
public enum FileEncoding
{
    Utf8 = 1,

    /// <summary>ISO-8859-1, which most systems sent until 2023.</summary>
    Latin1,
}
