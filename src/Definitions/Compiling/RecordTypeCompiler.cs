using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Compiling;

/// <summary>Compiles one record type: its items, its columns and how it shows as a contact.</summary>
internal static class RecordTypeCompiler
{
    public static RecordType? Compile(
        string wireName, DefinitionMap map, FieldScope scope, IReadOnlyList<Field> unitFields)
    {
        var log = scope.Log;
        var titles = map.InLanguages("title", isRequired: true);
        var table = map.Text("table", isRequired: true) ?? "";
        if (table.Length > 0 && !ColumnNames.IsValid(table))
        {
            log.Add("DEF-017", map.At("table"), $"«{table}» er ikke et gyldig tabellnavn.",
                "Bruk små bokstaver a–z, tall og understrek, høyst 48 tegn.");
        }

        var deletions = map.Text("deletions");
        var constants = map.Map("contact", "kontakten");
        var fields = map.Map("fields", "feltene", isRequired: true) is { } items
            ? FieldCompiler.CompileAll(items, scope)
            : [];
        var all = fields.SelectMany(Flatten).ToList();
        RefuseReferences(all, map, log);
        var key = FindOne(all, map, log, "key", field => field.Role == FieldRole.Key);
        var @event = FindEvent(all, map, log);
        var contact = new ContactMappingCompiler(
            [.. unitFields, .. all], constants, map, scope.Mappings, log).Compile();
        var decidesPersons = map.Flag("decidesPersons");
        var columns = Columns(unitFields, fields, map, log);
        var sensitive = new SensitivePartsCompiler(scope.Classes, log).Compile(
            map, columns, KeptColumns(key, @event, contact));
        map.RefuseOtherKeys();
        if (key is null || @event is null) return null;

        return new RecordType
        {
            Table = table,
            Titles = titles,
            WireName = wireName,
            DeletionWireName = deletions,
            Key = key,
            Event = @event,
            Fields = fields,
            Columns = columns,
            Contact = contact,
            DecidesPersons = decidesPersons,
            Sensitive = sensitive,
        };
    }

    public static IEnumerable<Field> Flatten(Field field) => field.Fields.SelectMany(Flatten).Prepend(field);

    /// <summary>What a record cannot be told apart, placed or shown as a contact without.</summary>
    public static IReadOnlySet<string> KeptColumns(Field? key, Field? @event, ContactMapping? contact)
    {
        MappedItem?[] items =
        [
            contact?.Start, contact?.End, contact?.Unit, contact?.ServiceArea, contact?.Kind, contact?.Funding,
            contact?.Municipality,
        ];
        return items.OfType<MappedItem>()
            .SelectMany(item => item.Codes.Select(codes => codes.Column).Append(item.Column))
            .Concat(contact?.Unless.Select(exception => exception.Column) ?? [])
            .Append(key?.Column).Append(@event?.Column).OfType<string>().ToHashSet();
    }

    /// <summary>The contact's start, unless another field is the event: then the start may be unknown.</summary>
    private static Field? FindEvent(List<Field> fields, DefinitionMap map, MistakeLog log)
    {
        var role = fields.Exists(field => field.Role == FieldRole.Event) ? FieldRole.Event : FieldRole.ContactStart;
        var found = FindOne(fields, map, log, "event eller contact.start", field => field.Role == role);
        var starts = fields.Count(field => field.Role == FieldRole.ContactStart);
        if (role == FieldRole.Event && starts > 1)
        {
            log.Add("DEF-020", map.At("fields"), $"{starts} felt har role: contact.start.", "Behold ett av dem.");
        }
        else if (found?.OnFault is { } actions && FaultActionsReader.MayLeaveOut(actions))
        {
            log.Add("DEF-020", map.At("fields"),
                $"«{found.WireName}» plasserer posten i tid og kan ikke utelates.",
                "Skriv required: true, og bruk rejectMessage eller dropRow.");
        }

        return found;
    }

    private static Field? FindOne(
        List<Field> fields, DefinitionMap map, MistakeLog log, string role, Func<Field, bool> isIt)
    {
        var found = fields.Where(isIt).ToList();
        if (found.Count != 1)
        {
            log.Add("DEF-020", map.At("fields"),
                $"Posten skal ha nøyaktig ett felt med role: {role}; den har {found.Count}.",
                "Gi ett felt rollen, og fjern den fra de andre.");
        }
        else if (!found[0].IsRequired)
        {
            log.Add("DEF-020", map.At("fields"), $"«{found[0].WireName}» har role: {role} og må være påkrevd.",
                "Skriv required: true.");
        }
        else if (found[0].Path.LastIndexOf('/') > 0)
        {
            log.Add("DEF-020", map.At("fields"), $"«{found[0].Path}» har role: {role} og må stå øverst i posten.",
                "Flytt feltet ut av gruppen.");
        }

        return found.FirstOrDefault();
    }

    private static void RefuseReferences(List<Field> all, DefinitionMap map, MistakeLog log)
    {
        foreach (var field in all.Where(field => field.NotBefore is not null))
        {
            var other = all.FirstOrDefault(candidate => candidate.Path.TrimStart('/') == field.NotBefore);
            if (field.Column is not null && other is { Column: not null } && other.Type == field.Type
                && field.Type is FieldType.Date or FieldType.DateTime) continue;
            log.Add("DEF-025", map.At("fields"),
                $"«{field.WireName}» har notBefore: {field.NotBefore}, som ikke er et felt av samme tidstype i posten.",
                "Skriv stien til feltet, for eksempel start eller maaling/dato.");
        }
    }

    private static List<RecordColumn> Columns(
        IReadOnlyList<Field> unitFields, IReadOnlyList<Field> fields, DefinitionMap map, MistakeLog log)
    {
        var columns = new List<RecordColumn>();
        foreach (var field in unitFields.SelectMany(Flatten)) Add(field, isOfUnit: true, isInList: false);
        foreach (var field in fields) AddTree(field, isInList: false);

        foreach (var twice in columns.GroupBy(column => column.Name).Where(group => group.Count() > 1))
        {
            log.Add("DEF-017", map.At("fields"), $"Flere felt gir kolonnen «{twice.Key}».",
                "Gi ett av dem et eget navn med column.");
        }

        foreach (var column in columns.Where(column => !ColumnNames.IsValid(column.Name)))
        {
            log.Add("DEF-017", map.At("fields"), $"«{column.WirePath}» gir ikke et gyldig kolonnenavn.",
                "Gi feltet et navn med column: små bokstaver a–z, tall og understrek, høyst 48 tegn.");
        }

        return columns;

        void AddTree(Field field, bool isInList)
        {
            Add(field, isOfUnit: false, isInList);
            var areChildrenInList = isInList || field.Type == FieldType.List;
            foreach (var child in field.Fields) AddTree(child, areChildrenInList);
        }

        void Add(Field field, bool isOfUnit, bool isInList)
        {
            if (field.Column is null) return;
            columns.Add(new RecordColumn(
                field.Column, KindOf(field, isInList), field.Path, LetterOf(field), field.Titles)
            {
                Field = field,
                IsOfUnit = isOfUnit,
            });
        }
    }

    // A Json list may hold items of several letters; health before the rest, since it asks for the most care.
    private static InformationType LetterOf(Field field) => field.InformationType
        ?? field.Fields.SelectMany(Flatten).Select(child => child.InformationType).Max() ?? InformationType.C;

    private static ColumnKind KindOf(Field field, bool isInList)
    {
        var kind = ColumnKinds.Of(field.Type);
        return isInList ? (kind == ColumnKind.Integer ? ColumnKind.IntegerArray : ColumnKind.TextArray) : kind;
    }
}
