using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Rules;

namespace Kilde.Definitions.Tests.Rules;

/// <summary>What rules see of a batch, held against what another reader sees in the same Json.</summary>
public class LayoutTests
{
    private const string Path = "Tjeneste/Tiltak/Prosedyre/Kode";

    private static readonly RecordType Episode =
        Kit.Catalogue.Find("NPR_ORD", "53.1.3")!.RecordTypes.Single(record => record.WireName == "Episode");

    private static readonly int Services = Episode.Columns.ToList().FindIndex(column => column.Name == "tjeneste");

    [Fact]
    public void Elements_of_a_json_column_are_found_as_another_reader_finds_them() =>
        Prop.ForAll(Rows.ToArbitrary(), rows =>
        {
            var paths = RecordPaths.Of(Episode);
            var (code, start) = (paths.Find($"{Path}/@kodeVerdi")!, paths.Find("Tjeneste/@startDatoTid")!);
            var codes = paths.FindShape(Path)!;
            var scene = new Scene(
                paths, new Places(Kit.Catalogue.Find("NPR_ORD", "53.1.3")!, Episode), new ReferenceLog(),
                CodeSystemCatalogue.Empty);
            scene.MoveTo(BatchOf(rows), new MessageFacts());
            var table = scene.TableOf(codes);
            var values = table.Texts(new Operand(code, IsRepeated: false));
            var starts = table.Texts(new Operand(start, IsRepeated: false));
            var seen = new List<(int, string, string)>();
            for (var i = 0; i < table.Count; i++)
                seen.Add((table.RowOf(i), values[i].ToString(), starts[i].ToString()));

            seen.ShouldBe(rows.SelectMany(CodesIn));
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<(int Row, string Code, string Start)> CodesIn(string? json, int row) =>
        from service in (json is null ? [] : JsonNode.Parse(json)!.AsArray())
        from measure in service!["Tiltak"]?.AsArray() ?? []
        from procedure in measure!["Prosedyre"]?.AsArray() ?? []
        from code in procedure!["Kode"]?.AsArray() ?? []
        select (row, (string?)code!["kodeVerdi"] ?? "", (string?)service["startDatoTid"] ?? "");

    // Texts with what Json escapes, items in any order and some that no rule asks for.
    private static Gen<string> Text =>
        Gen.Elements("JEA00", "A\"B", "C\\", "[{", "}],", "", "æøå", "\u2028", "12:30", "\"}").Select(text => text);

    private static Gen<JsonObject> Element(string child, Gen<JsonObject>? below, params string[] items) =>
        from texts in Gen.ArrayOf(Text, items.Length)
        from present in Gen.ArrayOf(Gen.Elements(true, true, false), items.Length)
        from number in Gen.Choose(-5, 5)
        from children in below is null ? Gen.Constant<JsonObject[]>([]) : below.ArrayOf(2)
        from isFirst in Gen.Elements(true, false)
        select Make(child, items, texts, present, number, children, isFirst);

    private static JsonObject Make(
        string child, string[] items, string[] texts, bool[] present, int number, JsonObject[] children, bool isFirst)
    {
        var element = new JsonObject();
        if (isFirst && children.Length > 0) element[child] = new JsonArray([.. children]);
        element["ukjent"] = number;
        for (var i = 0; i < items.Length; i++)
        {
            if (present[i]) element[items[i]] = texts[i];
        }

        element["flagg"] = true;
        if (!isFirst && children.Length > 0) element[child] = new JsonArray([.. children]);
        return element;
    }

    private static Gen<string?[]> Rows
    {
        get
        {
            var code = Element("", null, "Kodeverk", "kodeVerdi");
            var procedure = Element("Kode", code, "prosNr");
            var measure = Element("Prosedyre", procedure, "startDatoTid");
            var service = Element("Tiltak", measure, "startDatoTid", "instID");
            return from rows in service.ArrayOf(2).ArrayOf(3)
                   select rows.Select(one => one.Length == 0
                       ? null
                       : new JsonArray([.. one]).ToJsonString(JsonSerializerOptions.Default)).ToArray();
        }
    }

    private static RecordBatch BatchOf(string?[] rows)
    {
        var columns = Episode.Columns.Select((column, i) => (ColumnVector)(i == Services
            ? new ColumnVector<string>(column.Kind, rows!, new BitArray([.. rows.Select(row => row is null)]))
            : new ColumnVector<string>(column.Kind, new string[rows.Length], new BitArray(rows.Length, true))));
        return new RecordBatch(
            Episode, rows.Length, new Kernel.OrganizationNumber[rows.Length], new string[rows.Length],
            new Kernel.RowPerson[rows.Length], [.. columns], []);
    }
}
