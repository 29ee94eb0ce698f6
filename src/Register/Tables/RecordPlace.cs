namespace Kilde.Register.Tables;

/// <summary>A table and its schema, as SQL; the schema is one of the register's own.</summary>
internal readonly record struct TableName(string Schema, SqlName Name)
{
    public string Text => $"{Schema}.{Name.Text}";

    public override string ToString() => $"{Schema}.{Name}";
}

/// <summary>
/// Where records of a kind are held: the ordinary tables, or those of a sensitive class, which lie in a schema of the
/// class and are granted by themselves (R4.18, ADR 130). Each has the same tables, and is merged in the same way.
/// </summary>
/// <param name="Class">Null for the ordinary tables.</param>
internal readonly record struct RecordPlace(SqlName Name, string? Class)
{
    /// <summary>The column by which the tables of a class tell whole records from items of one.</summary>
    public const string WholeColumn = "is_whole";

    private const string OrdinarySchema = "register";
    private const string ClassPrefix = "sensitive_";

    public string Schema => Class is null ? OrdinarySchema : ClassPrefix + SqlName.Parse(Class).Text;

    public TableName Table => new(Schema, Name);

    /// <summary>Where superseded versions are kept.</summary>
    public TableName History => new(Schema, Name.With("_history"));

    /// <summary>
    /// Finds a record whose person is not told, within the sender's year when it belongs to one: record key to person
    /// key and row hash.
    /// </summary>
    public TableName Locator => new(Schema, Name.With("_locator"));

    public TableName Change => new(Schema, SqlName.Parse("change"));

    /// <summary>The ordinary tables and those of each class.</summary>
    public static IReadOnlyList<RecordPlace> AllOf(SqlName name, IEnumerable<string> classes) =>
        [new(name, null), .. classes.Select(one => new RecordPlace(name, one))];
}
