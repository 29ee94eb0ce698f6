using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>What surrounds the fields being compiled.</summary>
/// <param name="Path">Path of the object they stand in; empty at the top of a record.</param>
/// <param name="HasColumns">False inside a Json list and the person block.</param>
/// <param name="Ground">Legal ground the surrounding group gives its items when they give none themselves.</param>
internal sealed record FieldScope(
    MistakeLog Log, IReadOnlyDictionary<string, CodeList> CodeLists, string Path, FieldType? Parent, bool HasColumns,
    LegalGround Ground, bool IsUnit)
{
    public IReadOnlyDictionary<string, CodeMapping> Mappings { get; init; } = new Dictionary<string, CodeMapping>();

    public IReadOnlyDictionary<string, SensitiveClass> Classes { get; init; } =
        new Dictionary<string, SensitiveClass>();

    public bool IsInList => Parent == FieldType.List;
}

/// <summary>Why an item may be collected.</summary>
internal sealed record LegalGround(
    InformationType? InformationType, IReadOnlyList<Purpose> Purposes, string? Justification);

/// <summary>Compiles the items of a record or of a unit's block.</summary>
internal static class FieldCompiler
{
    private const int ItemsDefault = 100;
    private const int ItemsMax = 10_000;
    private const int JustificationCharactersMin = 20;

    public static IReadOnlyList<Field> CompileAll(DefinitionMap fields, FieldScope scope)
    {
        var compiled = new List<Field>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, keyNode, value) in fields.Entries)
        {
            if (!seen.Add(name))
            {
                scope.Log.Add("DEF-017", keyNode, $"Feltet «{name}» står to ganger i samme objekt.",
                    "Fjern det ene; navn som bare skiller seg på store og små bokstaver, regnes som like.");
            }

            if (DefinitionMap.Of(value, scope.Log, $"feltet «{name}»") is { } map)
            {
                compiled.Add(Compile(name, keyNode, map, scope));
            }
        }

        return compiled;
    }

    private static Field Compile(string name, YamlNode nameNode, DefinitionMap map, FieldScope scope)
    {
        var type = map.Choice("type", Words.Types, isRequired: true) ?? FieldType.Text;
        RefuseMisplaced(type, map, scope);
        var titles = map.InLanguages("title", isRequired: true);
        var use = map.Choice("use", Words.Uses) ?? TextUse.None;
        PersonWords.Refuse(name, nameNode, type, use, scope.Log);

        var ground = ReadGround(map, scope, type);
        var path = $"{scope.Path}/{name}";
        var isRequired = map.Flag("required");
        var limits = FieldLimits.Read(map, type, use, scope);
        var role = map.Choice("role", Words.Roles) ?? FieldRole.None;
        RefuseRole(role, type, map, scope);

        var isArrays = type == FieldType.List && ReadStore(map);
        var childScope = scope with
        {
            Path = path,
            Parent = type,
            HasColumns = scope.HasColumns && (type == FieldType.Group || isArrays),
            Ground = ground,
        };
        var children = type is FieldType.Group or FieldType.List or FieldType.Person
            ? CompileChildren(map, childScope, isArrays)
            : [];

        var field = new Field
        {
            WireName = name,
            Path = path,
            Type = type,
            Titles = titles,
            Description = map.Text("description"),
            IsRequired = isRequired,
            InformationType = IsContainer(type) && type != FieldType.List ? null : ground.InformationType,
            Purposes = ground.Purposes,
            Justification = ground.Justification,
            Use = use,
            Role = role,
            IsPersonMark = map.Flag("personMark") || type is FieldType.HprNumber,
            Wire = limits.Wire,
            LengthMin = limits.LengthMin,
            LengthMax = limits.LengthMax,
            Pattern = limits.Pattern,
            Min = limits.Min,
            Max = limits.Max,
            Decimals = limits.Decimals,
            Earliest = limits.Earliest,
            Latest = limits.Latest,
            NotBefore = map.Text("notBefore"),
            CodeList = limits.CodeList,
            Fields = children,
            ItemsMax = type == FieldType.List ? map.Whole("itemsMax", 1, ItemsMax) ?? ItemsDefault : 0,
            IsStoredAsArrays = isArrays,
            Column = ColumnOf(map, path, type, role, isArrays, scope),
            OnFault = FaultActionsReader.Read(map, type, role, isRequired, scope.Log),
            Example = map.Text("example") ?? limits.Example,
        };
        map.RefuseOtherKeys();
        return field;
    }

    private static bool IsContainer(FieldType type) => type is FieldType.Group or FieldType.List or FieldType.Person;

    public static bool IsIdentifier(FieldType type) => type is FieldType.LocalPersonId or FieldType.Fodselsnummer
        or FieldType.DNumber or FieldType.HNumber or FieldType.SharedHelpNumber or FieldType.DufNumber;

    private static IReadOnlyList<Field> CompileChildren(DefinitionMap map, FieldScope scope, bool isArrays)
    {
        if (map.Map("fields", $"feltene i «{scope.Path}»", isRequired: true) is not { } fields) return [];
        var children = CompileAll(fields, scope);
        foreach (var child in children.Where(child => isArrays && !child.IsRequired))
        {
            scope.Log.Add("DEF-023", map.At("fields"),
                $"«{child.WireName}» står i en liste som lagres som arrays, men er ikke påkrevd.",
                "Sett required: true, eller la listen lagres som json.");
        }

        return children;
    }

    private static bool ReadStore(DefinitionMap map) =>
        map.Choice("store", new Dictionary<string, bool>(StringComparer.Ordinal)
        {
            ["arrays"] = true,
            ["json"] = false,
        }) ?? false;

    private static string? ColumnOf(
        DefinitionMap map, string path, FieldType type, FieldRole role, bool isArrays, FieldScope scope)
    {
        var column = map.Text("column");
        if (column is not null && !ColumnNames.IsValid(column))
        {
            scope.Log.Add("DEF-017", map.At("column"), $"«{column}» er ikke et gyldig kolonnenavn.",
                "Bruk små bokstaver a–z, tall og understrek, og ikke et navn som registeret selv bruker.");
        }

        var hasColumn = scope.HasColumns && !IsIdentifier(type) && role is not (FieldRole.Key or FieldRole.Unit)
            && type is not (FieldType.Group or FieldType.Person) && !isArrays;
        return hasColumn ? column ?? ColumnNames.Of(path) : null;
    }

    private static void RefuseMisplaced(FieldType type, DefinitionMap map, FieldScope scope)
    {
        var at = map.At("type");
        if (IsIdentifier(type) && scope.Parent != FieldType.Person)
        {
            scope.Log.Add("DEF-015", at, "En personidentifikator kan ikke være en kolonne i registeret.",
                "Legg den i en blokk med type: person; da går den til identitetshvelvet.");
        }
        else if (scope.Parent == FieldType.Person && !IsIdentifier(type))
        {
            scope.Log.Add("DEF-015", at, "En blokk med type: person kan bare holde identifikatorer.",
                "Flytt feltet ut av personblokken.");
        }
        else if (type == FieldType.Person && (scope.Path.Length > 0 || scope.IsUnit))
        {
            scope.Log.Add("DEF-023", at, "Personblokken må stå øverst i posten.", "Flytt den ut av gruppen.");
        }
        else if (type == FieldType.List && (scope.IsUnit || scope.IsInList))
        {
            scope.Log.Add("DEF-023", at, "En liste kan ikke stå i en annen liste eller i enhetsblokken.",
                "Gjør det til en egen posttype, eller flat ut listen.");
        }
        else if (type == FieldType.Group && (scope.IsUnit || scope.IsInList))
        {
            scope.Log.Add("DEF-023", at, "En gruppe kan ikke stå i en liste eller i enhetsblokken.",
                "Flat ut gruppen.");
        }
    }

    private static void RefuseRole(FieldRole role, FieldType type, DefinitionMap map, FieldScope scope)
    {
        if (role == FieldRole.None) return;
        var isTime = type is FieldType.Date or FieldType.DateTime;
        var fits = role switch
        {
            FieldRole.Key => type == FieldType.Text && scope.Path.Length == 0 && !scope.IsUnit,
            FieldRole.Unit => type == FieldType.OrganizationNumber && scope.IsUnit,
            FieldRole.Event or FieldRole.ContactStart or FieldRole.ContactEnd => isTime && !scope.IsUnit,
            FieldRole.ContactUnit => type == FieldType.OrganizationNumber,
            FieldRole.ContactMunicipality => type == FieldType.Municipality,
            _ => type is FieldType.Code or FieldType.Text,
        };
        if (fits && scope.Parent is not FieldType.List) return;
        scope.Log.Add("DEF-020", map.At("role"),
            $"Rollen «{Words.Of(Words.Roles, role)}» passer ikke for type «{Words.Of(Words.Types, type)}» her.",
            "key: tekst øverst i posten · unit: organisasjonsnummer i enhetsblokken · event, start og end: tidspunkt · "
            + "kind, funding og serviceArea: kode.");
    }

    private static LegalGround ReadGround(DefinitionMap map, FieldScope scope, FieldType type)
    {
        var letter = map.Choice("informationType", Words.InformationTypes) ?? scope.Ground.InformationType;
        var purposes = ReadPurposes(map);
        var justification = map.Text("justification") ?? scope.Ground.Justification;
        var ground = new LegalGround(letter, purposes.Count > 0 ? purposes : scope.Ground.Purposes, justification);
        if (!IsContainer(type)) RefuseWithoutGround(ground, map, scope, type);
        return ground;
    }

    private static List<Purpose> ReadPurposes(DefinitionMap map)
    {
        var purposes = new List<Purpose>();
        foreach (var (text, node) in map.Texts("purposes"))
        {
            if (Words.Purposes.TryGetValue(text, out var purpose)) purposes.Add(purpose);
            else map.AddUnknownWord(node, "purposes", text, Words.Purposes.Keys);
        }

        return purposes;
    }

    private static void RefuseWithoutGround(LegalGround ground, DefinitionMap map, FieldScope scope, FieldType type)
    {
        if (ground.InformationType is null)
        {
            scope.Log.Add("DEF-010", map.Node, "Feltet har ingen opplysningstype.",
                "Legg til «informationType:» med bokstaven a–h i forskriften § 2-1.");
        }
        else if (ground.InformationType == InformationType.A != IsIdentifier(type))
        {
            scope.Log.Add("DEF-015", map.At("informationType"), IsIdentifier(type)
                ? "En personidentifikator har alltid opplysningstype a."
                : "Et felt med opplysningstype a kan ikke være en kolonne i registeret.",
                "Identifikatorer hører hjemme i en blokk med type: person og informationType: a.");
        }

        if (ground.Justification is null || ground.Justification.Length < JustificationCharactersMin)
        {
            scope.Log.Add("DEF-011", map.At("justification"), "Feltet har ingen begrunnelse, eller den er for kort.",
                $"Skriv i «justification:» hvorfor registeret trenger det; minst {JustificationCharactersMin} tegn.");
        }

        if (!ground.Purposes.Any(purpose => purpose <= Purpose.Evaluation))
        {
            scope.Log.Add("DEF-012", map.At("purposes"), ground.Purposes.Count == 0
                ? "Feltet viser ikke til registerets hovedformål."
                : "Tilleggsformål som forskning kan ikke alene begrunne at et felt samles inn (R5.02).",
                "Skriv minst ett av planning, steering, financing og evaluation i «purposes:», eller ta feltet bort.");
        }
    }
}
