using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kilde.Synthetic;

/// <summary>The list of faults beside the files they stand in, as JSON.</summary>
public static class FaultManifest
{
    public const string FileName = "faults.json";

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static byte[] Write(IReadOnlyList<SeededFault> faults) =>
        JsonSerializer.SerializeToUtf8Bytes(faults, Readable);

    public static IReadOnlyList<SeededFault> Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<List<SeededFault>>(json, Readable)!;
}
