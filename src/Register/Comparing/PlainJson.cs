using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kilde.Register.Comparing;

/// <summary>
/// Json in the one form in which both sides write it: without white space, the names of an object by length and then by
/// bytes. PostgreSQL keeps them so, and not as they were sent.
/// </summary>
internal static class PlainJson
{
    private static readonly JsonWriterOptions Form = new()
    {
        SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        var bytes = new ArrayBufferWriter<byte>(json.Length);
        using (var writer = new Utf8JsonWriter(bytes, Form)) Write(document.RootElement, writer);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var item in element.EnumerateObject().OrderBy(item => item.Name, ByLength))
                {
                    writer.WritePropertyName(item.Name);
                    Write(item.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(item, writer);
                writer.WriteEndArray();
                break;
            default: element.WriteTo(writer); break;
        }
    }

    private static Comparer<string> ByLength { get; } = Comparer<string>.Create((one, other) =>
    {
        var (left, right) = (Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
        var byLength = left.Length.CompareTo(right.Length);
        return byLength != 0 ? byLength : left.AsSpan().SequenceCompareTo(right);
    });
}
