using Npgsql;

namespace Kilde.Audit;

/// <summary>A database with a log of its own: <c>register</c> or <c>identity</c>.</summary>
public sealed record AuditStore(string Name, NpgsqlDataSource Source)
{
    public const string Register = "register";
    public const string Identity = "identity";
}
