using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Tests;

public class ReadingPropertyTests
{
    private static readonly string[] Names = ["HST_Konsultasjon", "HST_Avtale", "Basismelding"];

    [Fact]
    public void What_is_written_is_read_as_a_slow_reader_reads_it() =>
        Prop.ForAll(Seeds(), seed =>
        {
            var reader = Kit.Catalogue.FindReader(Names[seed % 3], "1")!;
            var message = new RandomMessage(reader.Type, seed).Make();

            var content = reader.Read(message.ToJsonString());

            OfReader(content).Where(finding => finding.RuleId is not ("IDE-006" or "COD-002")).ShouldBeEmpty();
            content.Batches.Count.ShouldBe(1);
            Rows(content.Batches[0]).ShouldBe(SlowReader.Read(message, reader.Type.RecordTypes[0]).Select(Text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void One_fault_gives_one_finding_where_the_fault_is() =>
        Prop.ForAll(Seeds(), seed =>
        {
            var reader = Kit.Catalogue.FindReader(Names[seed % 3], "1")!;
            var random = new RandomMessage(reader.Type, seed);
            var message = random.Make();
            if (Fault.Make(reader.Type, message, random) is not { } fault) return;

            var content = reader.Read(message.ToJsonString());

            var told = OfReader(content).Where(finding => finding.RuleId != "IDE-006").ToList();
            told.ShouldHaveSingleItem($"{fault} in {message.ToJsonString()}");
            $"{told[0].RuleId} {told[0].Path}".ShouldBe($"{fault.RuleId} {fault.Pointer}", fault.ToString());
            content.IsAccepted.ShouldBe(!fault.IsRefused, fault.ToString());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static IEnumerable<Kernel.Finding> OfReader(MessageContent content) =>
        content.Findings.Where(finding => ReadingRules.All.Any(rule => rule.Id == finding.RuleId));

    [Fact]
    public void Any_bytes_at_all_give_an_answer() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var isEmptyArray = Encoding.UTF8.GetString(bytes).Trim() == "[]";
            Kit.Consultations.Read(bytes, Kit.Options).IsAccepted.ShouldBe(isEmptyArray);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    /// <summary>
    /// Bytes changed, cut out, doubled and mixed in a real message reach much deeper than random ones do.
    /// </summary>
    [Fact]
    public void A_broken_message_gives_an_answer_and_leaves_the_reader_sound()
    {
        string[] pieces =
        [
            "[", "]", "{", "}", ",", ":", "\"", "null", "1e400", "-0", "0.1e-5", "\\ud800", "\\u0000", "\u00e6", "1e",
            "tru",
            "\"datoTid\"", "\"konsultasjonId\"", "9999999999999999999999999", "\"3015-01-01\"",
            "\"2026-03-29T02:30:00\"",
            "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59-14:00\"", "\"26-1-1\"", "\"----------T--:--:--\"",
        ];
        var sound = Encoding.UTF8.GetBytes(Kit.Block(Kit.Consultation()));
        for (var seed = 1; seed <= 6_000; seed++)
        {
            var reader = Kit.Catalogue.FindReader(Names[seed % 3], "1")!;
            var random = new RandomMessage(reader.Type, seed);
            var bytes = Encoding.UTF8.GetBytes(random.Make().ToJsonString()).ToList();
            for (var i = random.Next(4); i >= 0 && bytes.Count > 0; i--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes.RemoveRange(at, Math.Min(random.Next(30), bytes.Count - at)); break;
                    case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)])); break;
                    default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(40, bytes.Count - at))); break;
                }
            }

            var content = reader.Read([.. bytes], Kit.Options);

            content.IsAccepted.ShouldBe(content.Findings.All(finding => finding.Severity != Kernel.Severity.Error));
        }

        Kit.Consultations.Read(sound, Kit.Options).Told().ShouldBeEmpty();
    }

    private static Arbitrary<int> Seeds() => Gen.Choose(1, int.MaxValue - 1).ToArbitrary();

    private static IEnumerable<string> Rows(RecordBatch batch) => Enumerable.Range(0, batch.Count).Select(row =>
    {
        var values = new Dictionary<string, string?>
        {
            ["(key)"] = batch.LocalIds[row],
            ["(unit)"] = batch.Units[row].ToString(),
        };
        for (var i = 0; i < batch.Columns.Count; i++)
        {
            values[batch.Type.Columns[i].Name] = batch.Columns[i].IsNull(row) ? null : Value(batch.Columns[i], row);
        }

        return Text(values);
    });

    private static string Value(ColumnVector vector, int row) => vector switch
    {
        ColumnVector<long> numbers => numbers[row].ToString(),
        ColumnVector<decimal> numbers => numbers[row].ToString("0.######"),
        ColumnVector<DateOnly> days => days[row].ToString("O"),
        ColumnVector<DateTimeOffset> times => times[row].ToString("O"),
        ColumnVector<long[]> arrays => string.Join(',', arrays[row]),
        ColumnVector<string> texts => texts[row],
        _ => throw new NotSupportedException(),
    };

    private static string Text(Dictionary<string, string?> row) =>
        string.Join(" | ", row.Select(pair => $"{pair.Key}={pair.Value ?? "∅"}"));
}

/// <summary>One thing wrong in a sound message, and the finding it must give.</summary>
internal sealed record Fault(string RuleId, string Pointer, bool IsRefused)
{
    public static Fault? Make(MessageType type, JsonArray message, RandomMessage random)
    {
        var record = type.RecordTypes[0];
        var unit = random.Next(message.Count);
        if (message[unit]![record.WireName] is not JsonArray { Count: > 0 } records) return null;
        var index = random.Next(records.Count);
        var item = (JsonObject)records[index]!;
        var pointer = $"/{unit}/{record.WireName}/{index}";
        var field = record.Fields[random.Next(record.Fields.Count)];
        return random.Next(4) switch
        {
            0 => Missing(record, item, pointer, random),
            1 => WrongType(field, item, pointer),
            2 => Unknown(item, pointer, random),
            _ => WrongValue(field, item, pointer),
        };
    }

    private static Fault Missing(RecordType record, JsonObject item, string pointer, RandomMessage random)
    {
        var required = record.Fields.Where(field => field.IsRequired).ToList();
        var field = required[random.Next(required.Count)];
        if (random.Next(2) == 0) item.Remove(field.WireName);
        else item[field.WireName] = null;
        return new Fault("STR-006", $"{pointer}/{field.WireName}", IsRefused: true);
    }

    private static Fault WrongType(Field field, JsonObject item, string pointer)
    {
        item[field.WireName] = field.Type is FieldType.Group or FieldType.List or FieldType.Person
            ? 5 : new JsonObject();
        return new Fault("STR-005", $"{pointer}/{field.WireName}", IsRefused: true);
    }

    private static Fault Unknown(JsonObject item, string pointer, RandomMessage random)
    {
        var (name, rule) = random.Next(2) == 0 ? ("merknad", "STR-007") : ("pasientNavn", "STR-008");
        item[name] = new JsonArray(1, new JsonObject());
        return new Fault(rule, $"{pointer}/{name}", IsRefused: true);
    }

    private static Fault? WrongValue(Field field, JsonObject item, string pointer)
    {
        (JsonNode Value, string Rule, bool IsType)? wrong = field.Type switch
        {
            FieldType.Code => (field.Wire == WireValue.Number ? 77777 : "??", "COD-001", false),
            FieldType.DateTime => ("3015-01-01T00:00:00Z", "INN-002", false),
            FieldType.Text => (new string('x', 101), "STR-014", true),
            FieldType.OrganizationNumber => (310211037, "INN-010", false),
            _ => null,
        };
        if (wrong is not { } one) return null;
        item[field.WireName] = one.Value;
        return new Fault(one.Rule, $"{pointer}/{field.WireName}", one.IsType || field.IsRequired);
    }
}
