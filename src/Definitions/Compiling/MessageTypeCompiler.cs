using Kilde.Definitions.Compiling.Xml;
using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>Compiles one file of <c>messages/</c>.</summary>
internal static class MessageTypeCompiler
{
    private static readonly LegalGround NoGround = new(null, [], null);

    private sealed record Body(
        IReadOnlyList<Field> UnitFields, IReadOnlyList<RecordType> Records, XmlStructure? Xml);

    public static MessageType Compile(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists,
        IReadOnlyDictionary<string, CodeMapping> mappings, IReadOnlyDictionary<string, SensitiveClass> classes,
        MistakeLog log)
    {
        var titles = map.InLanguages("title", isRequired: true);
        var years = map.Map("dataYears", "dataårene", isRequired: true);
        var firstYear = years?.Whole("from", 1980, 2099, isRequired: true) ?? 1980;
        var lastYear = years?.Whole("to", firstYear, 2099);
        var exceptions = ReadExceptions(years, log);
        years?.RefuseOtherKeys();

        var status = map.Choice("status", Words.Statuses, isRequired: true) ?? DefinitionStatus.Concept;
        var format = map.Choice("format", Words.Formats, isRequired: true) ?? WireFormat.Json;
        var body = format == WireFormat.Xml
            ? CompileXml(map, codeLists, classes, log)
            : CompileJson(map, codeLists, mappings, classes, log);
        var type = new MessageType
        {
            Name = map.Text("message", isRequired: true) ?? "",
            Version = map.Text("version", isRequired: true) ?? "",
            Titles = titles,
            Description = map.Text("description", isRequired: true) ?? "",
            Register = map.Choice("register", Words.Registers, isRequired: true) ?? Kernel.RegisterCode.Kpr,
            ServiceArea = map.Text("serviceArea", isRequired: true) ?? "",
            Status = status,
            LegalAssessment = ReadAssessment(map, status, log),
            Channel = map.Text("channel", isRequired: true) ?? "",
            Format = format,
            Replacement = map.Choice("replacement", Words.Replacements, isRequired: true) ?? Replacement.Incremental,
            FirstDataYear = firstYear,
            LastDataYear = lastYear,
            DataYearExceptions = exceptions,
            UnitFields = body.UnitFields,
            RecordTypes = body.Records,
            Xml = body.Xml,
        };
        map.RefuseOtherKeys();
        RefusePeriodless(type, map, log);
        return type;
    }

    // What a message leaves out is gone only when it says which period it is whole for.
    private static void RefusePeriodless(MessageType type, DefinitionMap map, MistakeLog log)
    {
        if (type.Replacement != Replacement.CumulativePerPeriod) return;
        if (type.Xml?.Envelope.Items is { } items && items.ContainsKey("from") && items.ContainsKey("to")) return;
        log.Add("DEF-026", map.At("replacement"), "En kumulativ melding må si hvilken periode den er hel for.",
            "Oppgi from og to i envelope, eller skriv replacement: incremental.");
    }

    private static Body CompileXml(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists,
        IReadOnlyDictionary<string, SensitiveClass> classes, MistakeLog log) =>
        XmlTypeCompiler.Compile(map, codeLists, classes, log) is var (structure, records)
            ? new Body([], records, structure)
            : new Body([], [], null);

    private static Body CompileJson(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists,
        IReadOnlyDictionary<string, CodeMapping> mappings, IReadOnlyDictionary<string, SensitiveClass> classes,
        MistakeLog log)
    {
        var scope = new FieldScope(
            log, codeLists, Path: "", Parent: null, HasColumns: true, NoGround, IsUnit: true)
        {
            Mappings = mappings,
            Classes = classes,
        };
        var unitFields = map.Map("unit", "enhetsblokken", isRequired: true) is { } unit
            ? FieldCompiler.CompileAll(unit, scope)
            : [];
        if (unitFields.Count(field => field.Role == FieldRole.Unit) != 1)
        {
            log.Add("DEF-020", map.At("unit"), "Enhetsblokken skal ha nøyaktig ett felt med role: unit.",
                "Gi organisasjonsnummeret role: unit.");
        }

        return new Body(unitFields, CompileRecords(map, scope with { IsUnit = false }, unitFields), null);
    }

    private static List<DataYearException> ReadExceptions(DefinitionMap? years, MistakeLog log)
    {
        var exceptions = new List<DataYearException>();
        if (years?.Any("exceptions") is not { } node) return exceptions;
        foreach (var item in node is YamlSequenceNode list ? list.Children : [node])
        {
            if (DefinitionMap.Of(item, log, "unntaket") is not { } map) continue;
            var year = map.Whole("year", 1980, 2099, isRequired: true);
            var until = map.Date("until", isRequired: true);
            var reason = map.Text("reason", isRequired: true);
            map.RefuseOtherKeys();
            if (year is not null && until is not null && reason is not null)
                exceptions.Add(new DataYearException(year.Value, until.Value, reason));
        }

        return exceptions;
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
