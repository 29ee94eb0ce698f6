using Npgsql;

namespace Kilde.Platform.Databases;

/// <summary>The database of health data. It holds no identifiers, and its role cannot reach the vault.</summary>
public sealed record RegisterDatabase(NpgsqlDataSource Source);

/// <summary>The database of the vault: identifiers, encrypted, and the person keys they stand for.</summary>
public sealed record IdentityDatabase(NpgsqlDataSource Source);
