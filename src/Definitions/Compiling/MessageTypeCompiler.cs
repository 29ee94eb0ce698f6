using Kilde.Definitions.Model;

namespace Kilde.Definitions.Compiling;

/// <summary>Compiles one file of <c>messages/</c>.</summary>
internal static class MessageTypeCompiler
{
    private static readonly LegalGround NoGround = new(null, [], null);

    public static MessageType Compile(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists, MistakeLog log)
    {
        var name = map.Text("message", isRequired: true) ?? "";
        var titles = FieldCompiler.ReadTitles(map, log, isRequired: true);
        var years = map.Map("dataYears", "dataårene", isRequired: true);
        var firstYear = years?.Whole("from", 1980, 2099, isRequired: true) ?? 1980;
        var lastYear = years?.Whole("to", firstYear, 2099);
        years?.RefuseOtherKeys();

        var status = map.Choice("status", Words.Statuses, isRequired: true) ?? DefinitionStatus.Concept;
        var scope = new FieldScope(
            log, codeLists, Path: "", Parent: null, HasColumns: true, NoGround, IsUnit: true);
        var unitFields = map.Map("unit", "enhetsblokken", isRequired: true) is { } unit
            ? FieldCompiler.CompileAll(unit, scope)
            : [];
        if (unitFields.Count(field => field.Role == FieldRole.Unit) != 1)
        {
            log.Add("DEF-020", map.At("unit"), "Enhetsblokken skal ha nøyaktig ett felt med role: unit.",
                "Gi organisasjonsnummeret role: unit.");
        }

        var replacement = map.Choice("replacement", Words.Replacements, isRequired: true) ?? Replacement.Incremental;
        if (replacement == Replacement.CumulativePerPeriod && status != DefinitionStatus.Concept)
        {
            // The merge would keep what the period leaves out; better no type than a register that counts it.
            log.Add("DEF-026", map.At("replacement"),
                "Kumulative meldinger blir ennå ikke flettet som kumulative.",
                "Sett status: concept til de blir det, eller replacement: incremental.");
        }

        var type = new MessageType
        {
            Name = name,
            Version = map.Text("version", isRequired: true) ?? "",
            Titles = titles,
            Description = map.Text("description", isRequired: true) ?? "",
            Register = map.Choice("register", Words.Registers, isRequired: true) ?? Kernel.RegisterCode.Kpr,
            ServiceArea = map.Text("serviceArea", isRequired: true) ?? "",
            Status = status,
            LegalAssessment = ReadAssessment(map, status, log),
            Channel = map.Text("channel", isRequired: true) ?? "",
            Format = map.Choice("format", Words.Formats, isRequired: true) ?? WireFormat.Json,
            Replacement = replacement,
            FirstDataYear = firstYear,
            LastDataYear = lastYear,
            UnitFields = unitFields,
            RecordTypes = CompileRecords(map, scope with { IsUnit = false }, unitFields),
        };
        map.RefuseOtherKeys();
        return type;
    }

    private static LegalAssessment? ReadAssessment(DefinitionMap map, DefinitionStatus status, MistakeLog log)
    {
        var assessment = map.Map("legalAssessment", "den rettslige vurderingen");
        var date = assessment?.Date("date", isRequired: true);
        var reference = assessment?.Text("reference", isRequired: true);
        assessment?.RefuseOtherKeys();
        if (date is not null && reference is not null) return new LegalAssessment(date.Value, reference);
        if (status == DefinitionStatus.Production)
        {
            log.Add("DEF-019", map.At("status"),
                "En meldingstype uten rettslig vurdering kan ikke settes i produksjon.",
                "Legg til legalAssessment med date og reference, eller sett status: test.");
        }

        return null;
    }

    private static List<RecordType> CompileRecords(
        DefinitionMap map, FieldScope scope, IReadOnlyList<Field> unitFields)
    {
        var records = new List<RecordType>();
        if (map.Map("records", "posttypene", isRequired: true) is not { } types) return records;
        var taken = new HashSet<string>(unitFields.Select(field => field.WireName), StringComparer.OrdinalIgnoreCase);
        foreach (var (wireName, node, value) in types.Entries)
        {
            if (DefinitionMap.Of(value, scope.Log, $"posttypen «{wireName}»") is not { } record) continue;
            if (RecordTypeCompiler.Compile(wireName, record, scope, unitFields) is { } compiled) records.Add(compiled);
            var names = new[] { wireName, record.Text("deletions") }.OfType<string>();
            if (names.All(taken.Add)) continue;
            scope.Log.Add("DEF-017", node, $"«{wireName}» eller slettelisten har samme navn som noe annet i meldingen.",
                "Gi hver liste og hvert felt sitt eget navn.");
        }

        if (records.Count == 0 && !types.Entries.Any())
        {
            scope.Log.Add("DEF-002", map.At("records"), "Meldingen har ingen posttyper.", "Beskriv minst én.");
        }

        return records;
    }
}
